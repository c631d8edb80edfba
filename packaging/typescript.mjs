import { register } from 'node:module';

// `node --import ./packaging/typescript.mjs` also runs TypeScript on Node.js 20, which cannot do so by itself.
if (!process.features.typescript) {
  register('./transform-typescript.mjs', import.meta.url);
  process.setSourceMapsEnabled(true);
  // The SDK warns of its later versions. The lock file has one that runs on Node.js 20.
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
}
await import('./node-20.ts');
