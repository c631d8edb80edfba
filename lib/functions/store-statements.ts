import { type CfnElement, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { kmsStatement } from './kms-statement.ts';

/** Where a function stores events. */
export interface StoreResources {
  readonly table: ITable;
  readonly quarantine: ITable;
  readonly payloadBucket: Bucket;
  readonly encryptionKey?: IKey | undefined;
}

/** What a function may do that stores events: put items into both tables, and objects into the bucket. */
export function storeStatements({
  table,
  quarantine,
  payloadBucket,
  encryptionKey: key,
}: StoreResources): PolicyStatement[] {
  const statement = (action: string, resources: string[]) => new PolicyStatement({ actions: [action], resources });
  return [
    statement('dynamodb:PutItem', [table.tableArn, quarantine.tableArn]),
    statement('s3:PutObject', [payloadBucket.arnForObjects('*')]),
    ...(key ? keyStatements(key) : []),
  ];
}

function keyStatements(key: IKey): PolicyStatement[] {
  return [
    kmsStatement(key, 'dynamodb', ['kms:Decrypt', 'kms:GenerateDataKey']),
    kmsStatement(key, 's3', ['kms:GenerateDataKey']),
  ];
}

/** Acknowledges the finding of cdk-nag on a permission for all objects of the bucket. */
export function acknowledgeEveryObject(scope: Construct, bucket: Bucket): void {
  const logicalId = Stack.of(bucket).getLogicalId(bucket.node.defaultChild as CfnElement);
  acknowledge(scope, {
    rule: 'IAM5',
    finding: `Resource::<${logicalId}.Arn>/*`,
    reason: 'The keys of payloads hold their hashes, so the policy cannot list them. The bucket holds nothing else.',
  });
}
