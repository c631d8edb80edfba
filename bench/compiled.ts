import { fileURLToPath } from 'node:url';

/** Has the many processes of a test run compile the AWS SDK once, and not each by itself. */
export const COMPILED = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../node_modules/.cache/node-compile-cache', import.meta.url)),
};
