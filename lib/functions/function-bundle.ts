/**
 * Ways to get credentials that are for laptops and other services: a function has its own in the environment. The SDK
 * imports these only where it needs them, which is never.
 */
const UNUSED_MODULES = [
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

/** How a function becomes one file: what the stack gives to esbuild, and `npm run bench` with it. */
export const FUNCTION_BUNDLE = {
  target: 'node24',
  minify: true,
  mainFields: ['module', 'main'],
  externalModules: UNUSED_MODULES,
};
