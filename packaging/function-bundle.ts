import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { ROOT } from './paths.ts';

/**
 * Credential providers for laptops, containers and other services. A function's credentials are in its environment, so the
 * SDK never imports these.
 */
const UNUSED_MODULES = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

/**
 * esbuild's options for a function: one minified file that includes the AWS SDK. The benchmark bundles with the same
 * options.
 * @param entry path of the file that exports `handler`, relative to the project's folder
 */
export function functionBundle(entry: string) {
  return {
    entryPoints: [join(ROOT, entry)],
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    minify: true,
    mainFields: ['module', 'main'],
    external: UNUSED_MODULES,
    logLevel: 'warning',
  } satisfies BuildOptions;
}
