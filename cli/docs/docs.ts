import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readOptions, UsageError } from '../arguments.ts';
import { providerDocs } from './provider-docs.ts';

const HELP = `Writes docs/providers.md from the providers in lambda/providers and their samples.

  npm run docs [-- --check]

  --check   write nothing; exit status 1 where docs/providers.md is not what would be written`;

/** The file that `npm run docs` writes. */
export const PROVIDERS_FILE = fileURLToPath(new URL('../../docs/providers.md', import.meta.url));

/** The command `npm run docs`. */
export async function docs(): Promise<void> {
  const options = readOptions(HELP, { check: { type: 'boolean' } });
  if (!options) return;
  const text = providerDocs();
  if (!options.check) return write(text);
  if (read() !== text)
    throw new UsageError('docs/providers.md is stale: run `npm run docs`, and commit what it writes.');
}

function write(text: string): void {
  mkdirSync(dirname(PROVIDERS_FILE), { recursive: true });
  writeFileSync(PROVIDERS_FILE, text);
}

function read(): string | undefined {
  try {
    return readFileSync(PROVIDERS_FILE, 'utf8');
  } catch {
    return undefined;
  }
}
