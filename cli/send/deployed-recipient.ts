import type { Source } from '../../lambda/receiver/source.ts';
import { isHandshakeKey } from '../../lambda/secrets/handshake-key.ts';
import { UsageError } from '../arguments.ts';
import { invocation } from '../invocation.ts';
import { withAdvice } from '../operate/aws-errors.ts';
import type { NamedInbox } from '../operate/named-inbox.ts';
import { receiverSources } from '../operate/receiver-sources.ts';
import { type SecretStore, secretStoreOf } from '../operate/secret-store.ts';
import { hasSecret } from '../operate/signing-secret.ts';
import { inboxOutputs, outputOf } from '../operate/stack-outputs.ts';
import type { FindRecipient } from './recipient.ts';
import { sourceNamed } from './source-named.ts';

/**
 * Finds a source of a deployed inbox. Its signing secret is read from where the receiver reads it.
 * @param url replaces the URL of the source, also where it is signed
 * @throws {UsageError} if there is no such inbox or source, or if nobody but the provider can sign for the source
 */
export function deployedRecipient(named: NamedInbox, url: string | undefined): FindRecipient {
  return async (name) => {
    const outputs = await inboxOutputs(named);
    const source = sourceNamed(await receiverSources(named, outputs), name);
    checkSigning(source);
    const store = secretStoreOf(source, outputs);
    const sourceUrl = `${outputOf(outputs, 'UrlPrefix')}${source.name}`;
    return {
      source,
      key: await readSecret(store),
      url: url ?? sourceUrl,
      signedUrl: url ?? source.publicUrl ?? sourceUrl,
      unsignable: `${store.name} does not hold a signing secret of ${source.providerName}: store it with ${invocation('secret')}.`,
      unreachable: 'Is the inbox deployed, and reachable from this machine?',
    };
  };
}

/** Only a secret that is shared with the provider can sign in its place. */
function checkSigning(source: Source): void {
  const keys = hasSecret(source) ? source.provider.signature.generateKeys() : undefined;
  if (keys && keys.signing === keys.verification) return;
  const how = keys ? 'a private key' : 'its certificate';
  throw new UsageError(`Only the provider can sign for ${source.name}: ${source.providerName} signs with ${how}.`);
}

async function readSecret(store: SecretStore): Promise<string> {
  const secret = (await withAdvice(`read the secret ${store.name}`, store.read))?.trim();
  if (!secret) throw new UsageError(`${store.name} is empty: store the signing secret with ${invocation('secret')}.`);
  if (isHandshakeKey(secret)) throw new UsageError(`${store.name} waits for the handshake that hands out the secret.`);
  return secret;
}
