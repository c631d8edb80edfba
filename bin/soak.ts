import { soak } from '../bench/soak.ts';
import { run } from '../cli/arguments.ts';

await run(soak);
