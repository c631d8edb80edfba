import { existsSync, readdirSync, rmSync } from 'node:fs';

// The package `node` brings 67 MB of headers with it, which only native addons are compiled with. npm runs this after
// each installation, on the Node.js that is there.
const folder = new URL('node_modules/node/node_modules/', import.meta.url);
for (const name of existsSync(folder) ? readdirSync(folder) : []) {
  rmSync(new URL(`${name}/include`, folder), { recursive: true, force: true });
}
