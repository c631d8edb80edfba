import { fileURLToPath } from 'node:url';

/** Environment that lets the many processes of a test run compile the AWS SDK once, and not each by itself. */
export const COMPILE_CACHE = {
  NODE_COMPILE_CACHE: fileURLToPath(new URL('../../node_modules/.cache/node-compile-cache', import.meta.url)),
};
