import type { Source } from '../../../lambda/receiver/source.ts';
import { isHandshakeKey } from '../../../lambda/secrets/handshake-key.ts';
import { reasonOf } from '../aws-errors.ts';
import { isCreatedByInbox, secretStoreOf } from '../secret-store.ts';
import { hasSecret } from '../signing-secret.ts';
import type { DeployedOutputs } from '../stack-outputs.ts';
import type { SourceStatus } from './status-report.ts';

/** Whether a source has a signing secret, and why that is unknown. The secret itself is not returned. */
export type SecretState = Pick<SourceStatus, 'secret' | 'secretError'>;

/** Whether a source has a signing secret. */
export async function secretState(source: Source, outputs: DeployedOutputs): Promise<SecretState> {
  if (!hasSecret(source)) return { secret: 'none needed' };
  const store = secretStoreOf(source, outputs);
  try {
    const secret = (await store.read())?.trim();
    if (!secret) return { secret: 'not set' };
    if (isHandshakeKey(secret)) return { secret: 'waits for its handshake' };
    // The inbox creates a secret with a random value, which becomes the previous version with the first that is stored.
    const isSet = !isCreatedByInbox(source) || (await store.readPrevious()) !== undefined;
    return { secret: isSet ? 'set' : 'not set' };
  } catch (error) {
    return { secret: 'unreadable', secretError: reasonOf(error, `read ${store.name}`) };
  }
}
