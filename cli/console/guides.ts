import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IS_CLONE } from '../invocation.ts';

const FOLDER = join(import.meta.dirname, '../../docs/providers');

/** The text of the project's page about a provider; undefined where there is none, as in the package. */
export function guideOf(provider: string): string | undefined {
  if (!IS_CLONE || !/^[a-z0-9-]+$/.test(provider)) return undefined;
  try {
    return readFileSync(join(FOLDER, `${provider}.md`), 'utf8');
  } catch {
    return undefined;
  }
}
