import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/** Services that use a key with the permissions of their caller. */
export type KeyUser = 'dynamodb' | 'events' | 's3' | 'secretsmanager' | 'sqs' | 'ssm';

/**
 * Allows the use of a key through one service only. Writing to a table and sending to a queue need `kms:Decrypt` and
 * `kms:GenerateDataKey`; reading a table's stream, a queue, a secret or a parameter needs `kms:Decrypt`, and putting an
 * object in one part `kms:GenerateDataKey`. Reading the rules of a bus needs `kms:Decrypt`.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 * @see https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function kmsStatement(key: IKey, service: KeyUser, actions: string[]): PolicyStatement {
  return new PolicyStatement({
    actions,
    resources: [key.keyArn],
    conditions: viaService(key, service),
  });
}

/** The statements for the keys of some resources. Each key has one, and a resource without a key has none. */
export function kmsStatements(
  resources: readonly { readonly encryptionKey?: IKey }[],
  service: KeyUser,
  actions: string[],
): PolicyStatement[] {
  return keysOf(resources).map((key) => kmsStatement(key, service, actions));
}

/** The keys of some resources, each once, though it may have been imported several times. */
export function keysOf(resources: readonly { readonly encryptionKey?: IKey | undefined }[]): IKey[] {
  const keys = resources.flatMap(({ encryptionKey }) => encryptionKey ?? []);
  return [...new Map(keys.map((key) => [key.keyArn, key])).values()];
}

/** The condition that a key is used through one service. */
export function viaService(key: IKey, service: KeyUser) {
  return { StringEquals: { 'kms:ViaService': `${service}.${Stack.of(key).region}.amazonaws.com` } };
}
