import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { viaService } from './functions/kms-statement.ts';

/** Where payloads are that are too large for the bus. */
export interface ReadResources {
  readonly table: ITable;
  readonly payloadBucket: IBucket;
  readonly encryptionKey?: IKey | undefined;
}

/** Lets a consumer read single items of the table and objects of the bucket, and decrypt these with the key. */
export function grantRead(grantee: IGrantable, { table, payloadBucket, encryptionKey: key }: ReadResources): Grant {
  const grant = (action: string, resource: string, conditions = {}) =>
    Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [resource], conditions });
  const read = grant('dynamodb:GetItem', table.tableArn).combine(
    grant('s3:GetObject', payloadBucket.arnForObjects('*')),
  );
  if (!key) return read;
  return read
    .combine(grant('kms:Decrypt', key.keyArn, viaService(key, 'dynamodb')))
    .combine(grant('kms:Decrypt', key.keyArn, viaService(key, 's3')));
}
