import { register } from 'node:module';

// `node --import ./packaging/typescript.mjs` also runs TypeScript on Node.js 20, which cannot do so by itself.
if (!process.features.typescript) {
  register('./transform-typescript.mjs', import.meta.url);
  process.setSourceMapsEnabled(true);
}
await import('./node-20.ts');
