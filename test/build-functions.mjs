import { buildFunctions } from '../packaging/build-functions.ts';
import { DIST } from '../packaging/paths.ts';

/** Jest's global setup: stacks in tests deploy the functions as they are built. */
export default () => buildFunctions(DIST);
