import type { Source } from '../../../lambda/receiver/source.ts';
import { isHandshakeKey } from '../../../lambda/secrets/handshake-key.ts';
import { isCreatedByInbox, secretStoreOf } from '../secret-store.ts';
import { hasSecret } from '../signing-secret.ts';
import type { DeployedOutputs } from '../stack-outputs.ts';
import type { SourceStatus } from './status-report.ts';

/** Whether a source has a signing secret. The secret itself is not returned. */
export async function secretState(source: Source, outputs: DeployedOutputs): Promise<SourceStatus['secret']> {
  if (!hasSecret(source)) return 'none needed';
  const store = secretStoreOf(source, outputs);
  try {
    const secret = (await store.read())?.trim();
    if (!secret) return 'not set';
    if (isHandshakeKey(secret)) return 'waits for its handshake';
    // The inbox creates a secret with a random value, which becomes the previous version with the first that is stored.
    return !isCreatedByInbox(source) || (await store.readPrevious()) !== undefined ? 'set' : 'not set';
  } catch {
    return 'unreadable';
  }
}
