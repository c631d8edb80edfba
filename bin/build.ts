import { run } from '../cli/arguments.ts';
import { buildPackage } from '../packaging/build-package.ts';
import { DIST } from '../packaging/paths.ts';

await run(() => buildPackage(DIST));
