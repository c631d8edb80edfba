import { bench } from '../bench/bench.ts';
import { run } from '../cli/arguments.ts';

await run(bench);
