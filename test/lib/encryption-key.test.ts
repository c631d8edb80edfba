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

  const use = (Action: string | string[], Resource: unknown) => ({
    Effect: 'Allow',
    Action,
    Resource,
    Condition: { StringEquals: { 'kms:ViaService': 'dynamodb.eu-west-1.amazonaws.com' } },
  });

  it('encrypts the table, and the receiver may use it only through DynamoDB, for writing', () => {
    const { template, key } = keyed(false);
    expect(onlyResource(template, 'AWS::DynamoDB::Table').Properties.SSESpecification).toEqual({
      SSEEnabled: true,
      SSEType: 'KMS',
      KMSMasterKeyId: key,
    });
    expect(keyStatements(template)).toEqual([use(['kms:Decrypt', 'kms:GenerateDataKey'], key)]);
  });

  it('may be used by the forwarder only through DynamoDB, for reading the stream', () => {
    const { template, key } = keyed({});
    const statements = keyStatements(template);
    expect(statements).toHaveLength(2);
    expect(statements).toContainEqual(use('kms:Decrypt', key));
  });

  it('is absent by default, and then no role may use a key', () => {
    expect(keyStatements(inboxTemplate({ sources: { partner: generic } }))).toEqual([]);
  });
});
