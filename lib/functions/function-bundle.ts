/**
 * Credential providers for laptops and other services. A function's credentials are in its environment, so the SDK never
 * imports these.
 */
const UNUSED_MODULES = [
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

/** esbuild's options for a function: one minified file. The benchmark bundles with the same options. */
export const FUNCTION_BUNDLE = {
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
  externalModules: UNUSED_MODULES,
};
