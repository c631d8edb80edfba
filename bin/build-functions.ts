import { run } from '../cli/arguments.ts';
import { buildFunctions } from '../packaging/build-functions.ts';
import { DIST } from '../packaging/paths.ts';

await run(() => buildFunctions(DIST));
