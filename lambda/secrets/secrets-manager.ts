import {
  GetSecretValueCommand,
  type GetSecretValueResponse,
  ResourceNotFoundException,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { abortAt, type OpenDeadline } from '../aws/deadline.ts';
import { type ReadSecret, type SigningSecret, trimmedSecret } from './signing-secret.ts';

/** Settings of the secrets in Secrets Manager. */
export interface SecretsManagerOptions {
  /** Precedes the source's name in the name of its secret. */
  readonly namePrefix: string;
  /** Time after a rotation in which the previous secret is accepted, in seconds. */
  readonly previousSecretGraceSeconds: number;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Ends a read at its deadline. @default `abortAt` */
  readonly openDeadline?: OpenDeadline;
}

/**
 * Signing secrets in AWS Secrets Manager: version `AWSCURRENT`, and `AWSPREVIOUS` during the grace period.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/whats-in-a-secret.html
 */
export function secretsManagerSecrets(client: SecretsManagerClient, options: SecretsManagerOptions): ReadSecret {
  const { openDeadline = abortAt } = options;
  const readVersion = async (secretId: string, stage: string, deadline: number) => {
    using limit = openDeadline(deadline);
    const command = new GetSecretValueCommand({ SecretId: secretId, VersionStage: stage });
    return await client.send(command, { abortSignal: limit.signal });
  };

  async function previousOf(current: GetSecretValueResponse, secretId: string, deadline: number) {
    const acceptedUntil = (current.CreatedDate?.getTime() ?? 0) + options.previousSecretGraceSeconds * 1000;
    if (acceptedUntil <= options.clock()) return undefined;
    const previous = await readVersion(secretId, 'AWSPREVIOUS', deadline).catch(undefinedIfMissing);
    const value = trimmedSecret(previous?.SecretString);
    return value === undefined ? undefined : { value, acceptedUntil };
  }

  return async (source, deadline) => {
    const secretId = options.namePrefix + source;
    try {
      const version = await readVersion(secretId, 'AWSCURRENT', deadline);
      const current = trimmedSecret(version.SecretString);
      if (current === undefined) return { unavailable: { reason: 'secret_empty' } };
      const previous = await previousOf(version, secretId, deadline);
      return { secret: { current, ...(previous && { previous }) } satisfies SigningSecret };
    } catch (cause) {
      const reason = cause instanceof ResourceNotFoundException ? 'secret_missing' : 'secret_unreachable';
      return { unavailable: { reason, cause } };
    }
  };
}

function undefinedIfMissing(error: unknown): undefined {
  if (error instanceof ResourceNotFoundException) return undefined;
  throw error;
}
