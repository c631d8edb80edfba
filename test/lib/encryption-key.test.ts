import { describe, expect, it } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { WebhookInbox, type WebhookInboxProps } from '../../lib/webhook-inbox.ts';
import { inboxTemplate, onlyResource, resourcesOf, unbundledApp } from './synthesis.ts';

const generic = { provider: 'generic' } as const;

describe('encryption key', () => {
  function keyed(forwarding: WebhookInboxProps['forwarding']) {
    const stack = new Stack(unbundledApp(), 'Hooks', { env: { region: 'eu-west-1', account: '111111111111' } });
    const encryptionKey = new Key(stack, 'Key');
    new WebhookInbox(stack, 'Inbox', {
      sources: { partner: generic },
      alarms: false,
      encryptionKey,
      ...(forwarding !== undefined && { forwarding }),
    });
    const template = Template.fromStack(stack);
    const key = { 'Fn::GetAtt': [onlyResource(template, 'AWS::KMS::Key').id, 'Arn'] };
    return { template, key };
  }

  /** The statements of all roles on the use of keys. */
  function keyStatements(template: Template): unknown[] {
    const inline = resourcesOf(template, 'AWS::IAM::Role').flatMap(({ Properties }) => Properties.Policies ?? []);
    const attached = resourcesOf(template, 'AWS::IAM::Policy').map(({ Properties }) => Properties);
    const policies = [...inline, ...attached] as { PolicyDocument: { Statement: { Action: string | string[] }[] } }[];
    return policies
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => [Action].flat().some((action) => /^kms:|\*/.test(action)));
  }

  const use = (service: string, Action: string | string[], Resource: unknown) => ({
    Effect: 'Allow',
    Action,
    Resource,
    Condition: { StringEquals: { 'kms:ViaService': `${service}.eu-west-1.amazonaws.com` } },
  });

  it('encrypts both tables and the bucket', () => {
    const { template, key } = keyed(false);
    const tables = resourcesOf(template, 'AWS::DynamoDB::Table').map(({ Properties }) => Properties.SSESpecification);
    const encryption = { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: key };
    expect(tables).toEqual([encryption, encryption]);
    expect(onlyResource(template, 'AWS::S3::Bucket').Properties.BucketEncryption).toMatchObject({
      ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { KMSMasterKeyID: key } }],
    });
  });

  it('may be used by the receiver only through DynamoDB and S3, for writing', () => {
    const { template, key } = keyed(false);
    expect(keyStatements(template)).toEqual([
      use('dynamodb', ['kms:Decrypt', 'kms:GenerateDataKey'], key),
      use('s3', 'kms:GenerateDataKey', key),
    ]);
  });

  it('may be used by the forwarder only through DynamoDB, for reading the stream', () => {
    const { template, key } = keyed({});
    const statements = keyStatements(template);
    expect(statements).toHaveLength(3);
    expect(statements).toContainEqual(use('dynamodb', 'kms:Decrypt', key));
  });

  it('is absent by default, and then no role may use a key', () => {
    expect(keyStatements(inboxTemplate({ sources: { partner: generic } }))).toEqual([]);
  });
});
