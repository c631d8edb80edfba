import {
  GetSecretValueCommand,
  InvalidRequestException,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { abortAt, type OpenDeadline } from '../aws/deadline.ts';
import { rotationTimes } from './rotation-times.ts';
import { previousSecret, type ReadSecret, secretResult, trimmedSecret } from './signing-secret.ts';

/** Settings of the secrets in Secrets Manager. */
export interface SecretsManagerOptions {
  /** Precedes the source's name in the name of its secret. */
  readonly namePrefix: string;
  /** Ids of secrets that have other names, by source. @default - none */
  readonly secretIds?: ReadonlyMap<string, string>;
  /** Time after a rotation in which the previous secret is accepted, in seconds. */
  readonly previousSecretGraceSeconds: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Ends a read at its deadline. @default `abortAt` */
  readonly openDeadline?: OpenDeadline;
}

/**
 * Signing secrets in AWS Secrets Manager: version `AWSCURRENT`, and `AWSPREVIOUS` during the grace period, which begins at
 * the {@link rotationTimes | rotation}. A read is one request, or two during the grace period. A secret that is marked for
 * deletion is missing.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
 */
export function secretsManagerSecrets(client: SecretsManagerClient, options: SecretsManagerOptions): ReadSecret {
  const { openDeadline = abortAt, clock } = options;
  const rotatedAt = rotationTimes();
  const readVersion = async (secretId: string, stage: string, deadline: number) => {
    using limit = openDeadline(deadline);
    const command = new GetSecretValueCommand({ SecretId: secretId, VersionStage: stage });
    return await client.send(command, { abortSignal: limit.signal });
  };

  async function previousOf(secretId: string, acceptedUntil: number, deadline: number) {
    if (acceptedUntil <= clock()) return undefined;
    const previous = await readVersion(secretId, 'AWSPREVIOUS', deadline).catch(undefinedIfMissing);
    return previousSecret(previous?.SecretString, acceptedUntil);
  }

  return async (source, deadline) => {
    const secretId = options.secretIds?.get(source) ?? options.namePrefix + source;
    const now = clock();
    try {
      const { SecretString, VersionId = '', CreatedDate } = await readVersion(secretId, 'AWSCURRENT', deadline);
      const rotated = rotatedAt(source, { id: VersionId, createdAt: CreatedDate?.getTime() ?? 0 }, now);
      const current = trimmedSecret(SecretString);
      if (current === undefined) return { unavailable: { reason: 'secret_empty' } };
      const previous = await previousOf(secretId, rotated + options.previousSecretGraceSeconds * 1000, deadline);
      return secretResult(current, previous);
    } catch (cause) {
      return { unavailable: { reason: isGone(cause) ? 'secret_missing' : 'secret_unreachable', cause } };
    }
  };
}

/** Secrets Manager responds with InvalidRequestException to a read of a secret that is marked for deletion. */
function isGone(error: unknown): boolean {
  return error instanceof ResourceNotFoundException || error instanceof InvalidRequestException;
}

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof ResourceNotFoundException) return undefined;
  throw error;
}
