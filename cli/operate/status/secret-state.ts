import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import type { Source } from '../../../lambda/receiver/source.ts';
import { reasonOf } from '../aws-errors.ts';
import { secretStoreOf } from '../secret-store.ts';
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
    if (!(await store.read())?.trim()) return { secret: 'not set' };
    const isOwn = source.secretId === undefined && source.parameterName === undefined;
    return { secret: !isOwn || (await hasPreviousVersion(store.name)) ? 'set' : 'not set' };
  } catch (error) {
    return { secret: 'unreadable', secretError: reasonOf(error, `read ${store.name}`) };
  }
}

/** The inbox creates a secret with a random value, which becomes the previous version with the first that is stored. */
async function hasPreviousVersion(SecretId: string): Promise<boolean> {
  const previous = new GetSecretValueCommand({ SecretId, VersionStage: 'AWSPREVIOUS' });
  return await new SecretsManagerClient().send(previous).then(() => true, falseIfMissing);
}

function falseIfMissing(error: unknown): false {
  if (error instanceof ResourceNotFoundException) return false;
  throw error;
}
