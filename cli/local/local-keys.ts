import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Source, Sources } from '../../lambda/receiver/source.ts';
import { previousSecret, type ReadSecret, secretResult, trimmedSecret } from '../../lambda/secrets/signing-secret.ts';
import type { SigningKeys } from '../../lambda/signature/scheme.ts';
import { UsageError } from '../arguments.ts';
import { IS_CLONE } from '../invocation.ts';
import { systemMessage } from '../system-message.ts';
import { withLock } from './with-lock.ts';

/** The project: the clone, or the folder in which the installed command is called. */
const PROJECT = IS_CLONE ? join(import.meta.dirname, '../..') : process.cwd();

/**
 * The file of the generated keys, so that a printed request can be pasted again after a restart. It is outside version
 * control, and only its owner can read it.
 */
export const KEYS_FILE = join(PROJECT, '.webhook-inbox', 'keys.json');

/** The prefixes of the environment variables of sources. */
export const PREFIXES = {
  secret: 'WEBHOOK_SECRET_',
  previousSecret: 'WEBHOOK_PREVIOUS_SECRET_',
  verifyToken: 'WEBHOOK_VERIFY_TOKEN_',
} as const;

/** The environment variable of a source: the prefix, and the source's name in upper case with `_` for `-`. */
export function variableOf(prefix: string, source: string): string {
  return prefix + source.toUpperCase().replaceAll('-', '_');
}

/** The environment variable of a source's signing secret. */
export function secretVariable(source: string): string {
  return variableOf(PREFIXES.secret, source);
}

/** Where the local receiver reads its secrets. */
export interface LocalSecretsOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly sources: Sources;
  /** @default KEYS_FILE */
  readonly keysFile?: string;
  /** The key for which the secrets of handshakes are sealed. @default - none */
  readonly handshakeKey?: () => Promise<string>;
}

/**
 * Reads signing secrets from the environment, and generates and saves those that are not set. A variable that is set but
 * empty is a missing secret, as an empty secret in Secrets Manager is.
 */
export function localSecrets(options: LocalSecretsOptions): ReadSecret {
  const { environment, sources, keysFile = KEYS_FILE, handshakeKey } = options;
  return async (name) => {
    const source = sources.get(name);
    const handsOut = source?.provider.handshakes?.handOut !== undefined;
    const key = handsOut && handshakeKey ? { handshakeKey: await handshakeKey() } : {};
    const current = trimmedSecret(
      environment[secretVariable(name)] ?? (source && generatedKeys(source, keysFile).verification),
    );
    if (current === undefined) return { unavailable: { reason: 'secret_empty' }, ...key };
    const before = environment[variableOf(PREFIXES.previousSecret, name)];
    return { ...secretResult(current, previousSecret(before, Number.POSITIVE_INFINITY)), ...key };
  };
}

/** The key that signs a source's requests on this machine: the secret in the environment, or the generated key. */
export function signingKey(environment: NodeJS.ProcessEnv, source: Source, keysFile = KEYS_FILE): string {
  const set = environment[secretVariable(source.name)];
  return set === undefined ? generatedKeys(source, keysFile).signing : set.trim();
}

/**
 * The keys generated for a source; generated and saved on first use. Of several processes that need them at once, such as
 * `start` and `send`, one generates them.
 * @throws {UsageError} if the file of the keys cannot be read or written
 */
export function generatedKeys(source: Source, keysFile = KEYS_FILE): SigningKeys {
  return readKeys(keysFile)[source.name] ?? addKeys(source, keysFile);
}

function addKeys(source: Source, file: string): SigningKeys {
  try {
    mkdirSync(dirname(file), { recursive: true });
    return withLock(file, () => {
      const saved = readKeys(file);
      const keys = saved[source.name] ?? source.provider.signature.generateKeys();
      if (!saved[source.name]) writeKeys(file, { ...saved, [source.name]: keys });
      return keys;
    });
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${file} cannot be written: ${systemMessage(error)}.`, { cause: error });
  }
}

function readKeys(file: string): Record<string, SigningKeys> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    const advice = 'Delete it, and new keys are generated.';
    throw new UsageError(`${file} cannot be read: ${systemMessage(error)}. ${advice}`, { cause: error });
  }
}

/** The file is replaced as a whole, because other processes may be reading it. */
function writeKeys(file: string, keys: Record<string, SigningKeys>): void {
  writeFileSync(join(dirname(file), '.gitignore'), '*\n');
  writeFileSync(`${file}.new`, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
