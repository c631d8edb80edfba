import { bench } from '../bench/bench.ts';
import { run } from '../local/command-line.ts';

await run(bench);
