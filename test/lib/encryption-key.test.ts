import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import { WebhookInbox } from '../../lib/webhook-inbox.ts';
import { WebhookInboxStack } from '../../lib/webhook-inbox-stack.ts';
import { inboxTemplate, onlyResource, resourcesOf, unbundledApp } from './synthesis.ts';

const sources = { partner: { provider: 'generic' }, shop: { provider: 'shopify' } } as const;
const env = { region: 'eu-west-1', account: '111122223333' };

/** Where a resource that may hold payloads or secrets has its key: the path of the property, by the resource's type. */
const KEY_PATHS: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'SSESpecification.KMSMasterKeyId',
  'AWS::S3::Bucket':
    'BucketEncryption.ServerSideEncryptionConfiguration.0.ServerSideEncryptionByDefault.KMSMasterKeyID',
  'AWS::Events::EventBus': 'KmsKeyIdentifier',
  'AWS::Events::Archive': 'KmsKeyIdentifier',
  'AWS::SQS::Queue': 'KmsMasterKeyId',
  'AWS::Logs::LogGroup': 'KmsKeyId',
  'AWS::SecretsManager::Secret': 'KmsKeyId',
};

interface Statement {
  readonly Principal: { readonly Service?: string };
}

/** An inbox and its key in one stack. */
function keyedTemplate(props = {}): Template {
  const stack = new Stack(unbundledApp(), 'WebhookInbox', { env });
  new WebhookInbox(stack, 'Inbox', { sources, encryptionKey: new Key(stack, 'Key'), ...props });
  return Template.fromStack(stack);
}

/** The statements of the only key's policy that let a service use the key. */
function serviceStatements(built: Template): unknown {
  const { KeyPolicy } = onlyResource(built, 'AWS::KMS::Key').Properties;
  const statements = (KeyPolicy as { Statement: Statement[] }).Statement.filter(({ Principal }) => Principal.Service);
  // The CDK leaves the partition to CloudFormation.
  const arn = /\{"Fn::Join":\["",\["arn:",\{"Ref":"AWS::Partition"\},"([^"]*)"\]\]\}/g;
  return JSON.parse(JSON.stringify(statements).replace(arn, '"arn:aws$1"'));
}

const template = keyedTemplate();

/** The statements for the inbox of bin/app.ts. */
const LOGS = {
  Effect: 'Allow',
  Principal: { Service: 'logs.eu-west-1.amazonaws.com' },
  Action: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
  Resource: '*',
  Condition: {
    ArnLike: { 'kms:EncryptionContext:aws:logs:arn': 'arn:aws:logs:eu-west-1:111122223333:log-group:WebhookInbox-*' },
  },
};
const DESCRIBE = {
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: 'kms:DescribeKey',
  Resource: '*',
};
const BUS = {
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncrypt*'],
  Resource: '*',
  Condition: {
    StringEquals: {
      'kms:EncryptionContext:aws:events:event-bus:arn': `arn:aws:events:eu-west-1:111122223333:event-bus/${
        onlyResource(template, 'AWS::Events::EventBus').Properties.Name
      }`,
    },
  },
};

describe('encryptionKey', () => {
  it.each(Object.entries(KEY_PATHS))('encrypts every %s', (type, path) => {
    const key = { 'Fn::GetAtt': [onlyResource(template, 'AWS::KMS::Key').id, 'Arn'] };
    const resources = resourcesOf(template, type);
    expect(resources.length).toBeGreaterThan(0);
    for (const { Properties } of resources) expect(Properties).toHaveProperty(path, key);
  });

  it('has a policy that lets CloudWatch Logs and EventBridge use it for this inbox only', () => {
    expect(serviceStatements(template)).toEqual([LOGS, DESCRIBE, BUS]);
  });

  it('has a policy without EventBridge if forwarding is false', () => {
    expect(serviceStatements(keyedTemplate({ forwarding: false }))).toEqual([LOGS]);
  });

  it('may be in another stack, which then does not depend on the stack of the inbox', () => {
    const app = unbundledApp();
    const keys = new Stack(app, 'Keys', { env });
    new WebhookInboxStack(app, 'WebhookInbox', { env, sources, encryptionKey: new Key(keys, 'Key') });
    app.synth();
    expect(serviceStatements(Template.fromStack(keys))).toEqual([LOGS, DESCRIBE, BUS]);
    expect(keys.dependencies).toEqual([]);
  });

  it('may be shared by inboxes, also in a nested stack, whose log groups are named after the outermost stack', () => {
    const stack = new Stack(unbundledApp(), 'WebhookInbox', { env });
    const encryptionKey = new Key(stack, 'Key');
    new WebhookInbox(stack, 'Inbox', { sources, encryptionKey });
    new WebhookInbox(new NestedStack(stack, 'Nested'), 'Inbox', { sources, encryptionKey });
    const busArn = expect.stringMatching(/:event-bus\/WebhookInbox-Nested-/);
    const other = { ...BUS, Condition: { StringEquals: { 'kms:EncryptionContext:aws:events:event-bus:arn': busArn } } };
    expect(serviceStatements(Template.fromStack(stack))).toEqual([LOGS, DESCRIBE, BUS, other]);
  });

  it('is absent by default: keys of AWS encrypt everything, and no role may use another', () => {
    const plain = inboxTemplate({ sources });
    expect(JSON.stringify(plain.toJSON())).not.toMatch(/"kms:|"KmsKeyId"|KmsMasterKeyId|KMSMasterKeyI[dD]/);
    for (const { Properties } of resourcesOf(plain, 'AWS::SQS::Queue'))
      expect(Properties.SqsManagedSseEnabled).toBe(true);
  });
});

describe('docs/operations.md', () => {
  it('has the statements that the policy of an imported key needs', () => {
    const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
    const [, block = ''] = /### Encryption key\n[\s\S]*?```json\n([\s\S]*?)```/.exec(page) ?? [];
    expect(JSON.parse(block)).toEqual([LOGS, DESCRIBE, BUS]);
  });
});
