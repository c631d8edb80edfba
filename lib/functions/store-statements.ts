import { type CfnElement, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { type PayloadStore, payloadArn } from '../payload-location.ts';
import { kmsStatements } from './kms-statement.ts';

/** Where a function stores events. */
export interface StoreResources extends PayloadStore {
  readonly table: ITable;
  readonly quarantine: ITable;
}

/** What a function may do that stores events: put items into both tables, and objects into the bucket. */
export function storeStatements(stores: StoreResources): PolicyStatement[] {
  const { table, quarantine, payloadBucket } = stores;
  const statement = (action: string, resources: string[]) => new PolicyStatement({ actions: [action], resources });
  return [
    statement('dynamodb:PutItem', [table.tableArn, quarantine.tableArn]),
    statement('s3:PutObject', [payloadArn(stores)]),
    ...kmsStatements([table, quarantine], 'dynamodb', ['kms:Decrypt', 'kms:GenerateDataKey']),
    ...kmsStatements([payloadBucket], 's3', ['kms:GenerateDataKey']),
  ];
}

/** Where payloads are, for the environment of a function that stores them. */
export function payloadEnvironment({ payloadBucket, payloadPrefix }: PayloadStore): Record<string, string> {
  return {
    PAYLOAD_BUCKET_NAME: payloadBucket.bucketName,
    ...(payloadPrefix !== '' && { PAYLOAD_PREFIX: payloadPrefix }),
  };
}

/** Acknowledges the finding of cdk-nag on a permission for all objects of the inbox. */
export function acknowledgeEveryObject(scope: Construct, { payloadBucket, payloadPrefix }: PayloadStore): void {
  acknowledge(scope, {
    rule: 'IAM5',
    finding: `Resource::${arnInFinding(payloadBucket)}/${payloadPrefix}*`,
    reason: 'The keys of payloads hold their hashes, so the policy cannot list them.',
  });
}

/** The ARN of a bucket as cdk-nag writes it. The ARN of an imported bucket may have the partition as a reference. */
function arnInFinding(bucket: IBucket): string {
  const stack = Stack.of(bucket);
  if (bucket instanceof Bucket) return `<${stack.getLogicalId(bucket.node.defaultChild as CfnElement)}.Arn>`;
  return bucket.bucketArn.replace(stack.partition, '<AWS::Partition>');
}
