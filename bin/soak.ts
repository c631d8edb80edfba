import { soak } from '../bench/soak.ts';
import { run } from '../local/command-line.ts';

await run(soak);
