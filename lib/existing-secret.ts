import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IParameter } from 'aws-cdk-lib/aws-ssm';

/** An existing signing secret: a secret of Secrets Manager, or a parameter of Systems Manager. */
export type ExistingSecret = ISecret | IParameter;

/** Whether a signing secret is a parameter of Systems Manager. */
export function isParameter(secret: ExistingSecret): secret is IParameter {
  return 'parameterArn' in secret;
}

/** The key of a parameter, which only some of the CDK's interfaces have. */
export function keyOf(parameter: IParameter): { readonly encryptionKey?: IKey } {
  const { encryptionKey } = parameter as { readonly encryptionKey?: IKey };
  return encryptionKey ? { encryptionKey } : {};
}

/**
 * The ARN for a policy. Secrets Manager appends a hyphen and six characters to a name, which an imported secret may lack.
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html#ARN_secretnamehyphen
 */
export function policyArnOf({ secretArn, secretFullArn }: ISecret): string {
  return secretFullArn ?? `${secretArn}-??????`;
}

/** What the receiver finds the secret by. */
export function secretAddressOf(secret: ExistingSecret): { secretId: string } | { parameterName: string } {
  if (isParameter(secret)) return { parameterName: secret.parameterName };
  return { secretId: secret.secretFullArn ?? secret.secretName };
}

/**
 * Validates a source's secret, also for callers without type checks.
 * @param certificate whether the source's provider publishes a certificate or keys
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateSecret(secret: unknown, certificate: boolean): string | undefined {
  if (secret === undefined) return undefined;
  if (certificate)
    return 'its provider signs with a certificate or with keys that it publishes, so it has no secret; remove it.';
  const given = Object(secret) as Partial<ISecret & IParameter>;
  if (given.parameterType === 'StringList')
    return 'secret must not be a list of strings; use a SecureString parameter.';
  if (given.secretArn !== undefined || given.parameterArn !== undefined) return undefined;
  return 'secret must be a secret of Secrets Manager or a parameter of Systems Manager, such as Secret.fromSecretCompleteArn(…).';
}
