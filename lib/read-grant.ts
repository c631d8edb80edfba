import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { viaService } from './functions/kms-statement.ts';
import { type PayloadStore, payloadArn } from './payload-location.ts';

/** Where payloads are that are too large for the bus. */
export interface ReadResources extends PayloadStore {
  readonly table: ITable;
}

/** Lets a consumer read single items of the table and objects of the bucket, and decrypt these with their keys. */
export function grantRead(grantee: IGrantable, resources: ReadResources): Grant {
  const { table, payloadBucket } = resources;
  const grant = (action: string, resource: string, conditions = {}) =>
    Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [resource], conditions });
  const decrypt = (key: IKey | undefined, service: 'dynamodb' | 's3') =>
    key ? [grant('kms:Decrypt', key.keyArn, viaService(key, service))] : [];
  const first = grant('dynamodb:GetItem', table.tableArn);
  const others = [
    grant('s3:GetObject', payloadArn(resources)),
    ...decrypt(table.encryptionKey, 'dynamodb'),
    ...decrypt(payloadBucket.encryptionKey, 's3'),
  ];
  return others.reduce((all, each) => all.combine(each), first);
}
