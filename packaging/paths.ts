import { fileURLToPath } from 'node:url';

/** Path of the project's folder, with a slash at the end. */
export const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Path of the folder that `npm run build` writes, and that constructs take the functions from. */
export const DIST = `${ROOT}dist`;
