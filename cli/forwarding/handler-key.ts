import type { Source } from '../../lambda/receiver/source.ts';
import { generatedKeys, KEYS_FILE, secretVariable } from '../local/local-keys.ts';

/** The keys of a source for a handler on this machine. */
export interface HandlerKey {
  /** Signs what is forwarded. */
  readonly signing: string;
  /** What the handler verifies with: a secret that is shared, or a public key; undefined if it is in the environment. */
  readonly generated?: string;
}

/**
 * The key that signs what is forwarded: `WEBHOOK_SECRET_<SOURCE>`, if the provider shares its secret, and otherwise the key
 * that was generated on this machine. A public key in the environment cannot sign.
 */
export function handlerKey(environment: NodeJS.ProcessEnv, source: Source, keysFile = KEYS_FILE): HandlerKey {
  const { signing, verification } = generatedKeys(source, keysFile);
  const set = environment[secretVariable(source.name)]?.trim();
  return set && signing === verification ? { signing: set } : { signing, generated: verification };
}
