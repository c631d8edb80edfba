import { Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';

/**
 * Allows the use of a key through one service only. Writing to a table needs `kms:Decrypt` and `kms:GenerateDataKey`,
 * reading its stream `kms:Decrypt`, putting an object in one part `kms:GenerateDataKey`,
 * sending to a queue `kms:Decrypt` and `kms:GenerateDataKey`, and receiving from it `kms:Decrypt`.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function kmsStatement(key: IKey, service: 'dynamodb' | 's3' | 'sqs', actions: string[]): PolicyStatement {
  return new PolicyStatement({
    actions,
    resources: [key.keyArn],
    conditions: { StringEquals: { 'kms:ViaService': `${service}.${Stack.of(key).region}.amazonaws.com` } },
  });
}
