import { isHandshakeKey } from '../../../lambda/secrets/handshake-key.ts';
import { UsageError } from '../../arguments.ts';
import { invocation } from '../../invocation.ts';
import { withAdvice } from '../aws-errors.ts';
import type { SecretStore } from '../secret-store.ts';
import { type HandshakeKeyPair, handshakeKeyValue, isFirstHandshakeKey } from './handshake-key-pair.ts';

/** A source whose secret is awaited: its store holds the key of this command. */
export interface AwaitedSecret {
  /**
   * Stores a secret, as the rotation of the former one.
   * @throws {UsageError} if the store no longer holds the key of this command
   */
  readonly save: (secret: string) => Promise<void>;
  /**
   * Stores the former secret again.
   * @returns what the source has now, in a sentence
   * @throws {UsageError} with what to do, if that fails
   */
  readonly restore: () => Promise<string>;
}

/** A source, and where its secret is. */
export interface AwaitedSecretOptions {
  /** Name of the source. */
  readonly source: string;
  readonly store: SecretStore;
  /** Whether the inbox created the secret, with a random value. */
  readonly isCreatedByInbox: boolean;
  readonly pair: HandshakeKeyPair;
}

/**
 * Stores the key of a command that waits for a handshake. The former secret becomes the previous one, so that it is
 * accepted for the inbox's grace period.
 * @throws {UsageError} if the secret cannot be read or stored
 */
export async function awaitSecret(options: AwaitedSecretOptions): Promise<AwaitedSecret> {
  const { source, store, pair } = options;
  const former = await withAdvice(`read the secret ${store.name}`, () => formerSecret(options));
  const key = handshakeKeyValue(pair, former === undefined);
  await withAdvice(`put the key into ${store.name}`, () => store.put(key));

  return {
    async save(secret) {
      await withAdvice(`put the secret ${store.name}`, async () => {
        if ((await store.read())?.trim() !== key) {
          throw new UsageError(
            `${store.name} was changed while this command waited, by someone else. Nothing was stored: find out by whom, and start again.`,
          );
        }
        // With the key in between, the former secret would not be the previous one.
        if (former !== undefined) await store.put(former);
        await store.put(secret);
      });
    },
    async restore() {
      try {
        return await putBack(former, key, options);
      } catch (error) {
        const version = former === undefined ? '' : ' Its former secret is the version before that one.';
        const advice = `Store the secret again: ${invocation('secret', source)}`;
        throw new UsageError(`${store.name} still has the key of this command.${version} ${advice}`, { cause: error });
      }
    },
  };
}

/** Puts the former secret back, unless somebody else has changed the store. */
async function putBack(former: string | undefined, key: string, { source, store }: AwaitedSecretOptions) {
  const present = (await store.read())?.trim();
  if (present !== key && present !== former)
    return `${store.name} was changed meanwhile, by someone else, and was left as it is.`;
  if (former === undefined) {
    const then = `It waits for its handshake until one is stored: ${invocation('secret', source)}`;
    return `${source} had no secret before. ${then}`;
  }
  await store.put(former);
  return `${store.name} has its former secret again.`;
}

/**
 * The secret that the source has now; undefined if none was set. If a command that waited was killed, its key is still
 * there: the version before it is stored again, because the next key would end it.
 */
async function formerSecret({ store, isCreatedByInbox }: AwaitedSecretOptions): Promise<string | undefined> {
  const stored = (await store.read())?.trim() || undefined;
  if (stored === undefined || isFirstHandshakeKey(stored)) return undefined;
  const previous = (await store.readPrevious())?.trim() || undefined;
  if (!isHandshakeKey(stored)) return isCreatedByInbox && previous === undefined ? undefined : stored;
  if (previous === undefined || isHandshakeKey(previous)) return undefined;
  await store.put(previous);
  return previous;
}
