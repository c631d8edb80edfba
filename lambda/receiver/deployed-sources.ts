import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LoadProvider } from './open-sources.ts';

/** The sources as the file in the function's folder has them, for `readConfig`. @throws {Error} if it cannot be read */
export function readSourcesFile(folder: string): unknown {
  return JSON.parse(readFileSync(join(folder, 'sources.json'), 'utf8'));
}

/** Loads providers from the folder of the function, `providers/<name>.mjs`: only those that its sources use. */
export function providersIn(folder: string): LoadProvider {
  return async (name) => {
    const module = await import(pathToFileURL(join(folder, 'providers', `${name}.mjs`)).href);
    return module.provider;
  };
}
