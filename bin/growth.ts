import { growth } from '../bench/growth/growth.ts';
import { run } from '../cli/arguments.ts';

await run(growth);
