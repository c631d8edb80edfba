import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Source, Sources } from '../../lambda/receiver/source.ts';
import { type ReadSecret, trimmedSecret } from '../../lambda/secrets/signing-secret.ts';
import type { SigningKeys } from '../../lambda/signature/scheme.ts';

/** Kept between runs, so that a printed request can be pasted again; outside version control, readable to its owner. */
const KEYS_FILE = join(fileURLToPath(new URL('../..', import.meta.url)), '.webhook-inbox', 'keys.json');

/** The name of a source's environment variable: its name in upper case, `-` as `_`. */
export function variableOf(prefix: string, source: string): string {
  return prefix + source.toUpperCase().replaceAll('-', '_');
}

/** The name of the environment variable that holds a source's secret. */
export function secretVariable(source: string): string {
  return variableOf('WEBHOOK_SECRET_', source);
}

/**
 * Signing secrets from the environment; where a variable is not set, made up once and kept. One that is set but empty
 * counts as missing, as an empty secret in Secrets Manager does.
 */
export function localSecrets(environment: NodeJS.ProcessEnv, sources: Sources, keysFile = KEYS_FILE): ReadSecret {
  return async (name) => {
    const source = sources.get(name);
    const current = trimmedSecret(
      environment[secretVariable(name)] ?? (source && madeUpKeys(source, keysFile).verification),
    );
    const previous = trimmedSecret(environment[variableOf('WEBHOOK_PREVIOUS_SECRET_', name)]);
    if (current === undefined) return { unavailable: { reason: 'secret_empty' } };
    if (previous === undefined) return { secret: { current } };
    return { secret: { current, previous: { value: previous, acceptedUntil: Number.POSITIVE_INFINITY } } };
  };
}

/** What a source's requests are signed with on this machine: the environment's secret, or the key that was made up. */
export function signingKey(environment: NodeJS.ProcessEnv, source: Source, keysFile = KEYS_FILE): string {
  const set = environment[secretVariable(source.name)];
  return set === undefined ? madeUpKeys(source, keysFile).signing : set.trim();
}

/** The keys made up for a source; made and kept on first use. */
export function madeUpKeys(source: Source, keysFile = KEYS_FILE): SigningKeys {
  const kept = readKeys(keysFile);
  const keys = kept[source.name] ?? source.provider.signature.generateKeys();
  if (!kept[source.name]) writeKeys(keysFile, { ...kept, [source.name]: keys });
  return keys;
}

function readKeys(file: string): Record<string, SigningKeys> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new Error(`${file} cannot be read; delete it, and new keys are made.`, { cause: error });
  }
}

function writeKeys(file: string, keys: Record<string, SigningKeys>): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
}
