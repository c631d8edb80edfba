import { describe, expect, it } from '@jest/globals';
import { Duration, NestedStack, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { WebhookInbox } from '../../lib/webhook-inbox.ts';
import { evaluated, inboxTemplate, onlyResource, resourceNamed, resourcesOf, unbundledApp } from './synthesis.ts';

const generic = { provider: 'generic' } as const;
const sources = { partner: generic, 'partner-eu': generic };
const template = inboxTemplate({ sources });

const TYPES_OF_ONE_INBOX = {
  'AWS::ApiGateway::Account': 1,
  'AWS::ApiGateway::Deployment': 1,
  'AWS::ApiGateway::GatewayResponse': 4,
  'AWS::ApiGateway::Method': 1,
  'AWS::ApiGateway::Resource': 2,
  'AWS::ApiGateway::RestApi': 1,
  'AWS::ApiGateway::Stage': 1,
  'AWS::CloudWatch::Alarm': 23,
  'AWS::CloudWatch::Dashboard': 1,
  'AWS::DynamoDB::Table': 2,
  'AWS::Events::Archive': 1,
  'AWS::Events::EventBus': 1,
  'AWS::IAM::Role': 4,
  'AWS::Lambda::EventSourceMapping': 2,
  'AWS::Lambda::Function': 3,
  'AWS::Lambda::Permission': 1,
  'AWS::Logs::LogGroup': 4,
  'AWS::Logs::QueryDefinition': 4,
  'AWS::S3::Bucket': 1,
  'AWS::S3::BucketPolicy': 1,
  'AWS::SQS::Queue': 3,
  'AWS::SQS::QueuePolicy': 3,
  'AWS::SecretsManager::Secret': 2,
};

function typesOf(built: Template): Record<string, number> {
  const types: Record<string, number> = {};
  for (const { Type } of Object.values<{ Type: string }>(built.toJSON().Resources))
    types[Type] = (types[Type] ?? 0) + 1;
  return types;
}

/** The value of each `Ref` once the stack is deployed. Secrets Manager appends six characters to a name. */
function deployedRefs(built: Template): Record<string, string> {
  const secrets = resourcesOf(built, 'AWS::SecretsManager::Secret').map(({ id, Properties }): [string, string] => {
    return [id, `arn:aws:secretsmanager:eu-west-1:111122223333:secret:${Properties.Name}-a1B2c3`];
  });
  return {
    'AWS::Region': 'eu-west-1',
    'AWS::URLSuffix': 'amazonaws.com',
    [resourceNamed(built, 'AWS::DynamoDB::Table', 'Events').id]: 'the-table',
    [resourceNamed(built, 'AWS::DynamoDB::Table', 'Quarantine').id]: 'the-quarantine',
    [onlyResource(built, 'AWS::S3::Bucket').id]: 'the-bucket',
    [resourceNamed(built, 'AWS::Lambda::Function', 'Receiver').id]: 'the-receiver',
    [resourceNamed(built, 'AWS::Logs::LogGroup', 'Receiver').id]: 'the-log',
    [resourceNamed(built, 'AWS::Lambda::Function', 'Forwarding').id]: 'the-forwarder',
    [resourceNamed(built, 'AWS::Lambda::EventSourceMapping', 'Forwarding').id]: 'the-stream-mapping',
    [resourceNamed(built, 'AWS::Lambda::EventSourceMapping', 'Overflow').id]: 'the-overflow-mapping',
    [onlyResource(built, 'AWS::ApiGateway::RestApi').id]: 'abc123',
    [onlyResource(built, 'AWS::Events::EventBus').id]: 'the-bus',
    [onlyResource(built, 'AWS::Events::Archive').id]: 'the-archive',
    [resourceNamed(built, 'AWS::SQS::Queue', 'ForwardingDeadLetters').id]: 'the-dead-letters-url',
    [resourceNamed(built, 'AWS::SQS::Queue', 'OverflowQueue').id]: 'the-overflow-url',
    [resourceNamed(built, 'AWS::SQS::Queue', 'OverflowDeadLetters').id]: 'the-overflow-dead-letters-url',
    [onlyResource(built, 'AWS::ApiGateway::Stage').id]: 'prod',
    ...Object.fromEntries(secrets),
  };
}

/** The outputs as the `cdk` command shows them, without the one that the CDK adds for every REST API. */
function outputsOf(built: Template): Record<string, unknown> {
  const outputs = Object.entries(built.findOutputs('*'));
  const own = outputs.filter(([name]) => !/^InboxGatewayApiEndpoint/.test(name));
  return Object.fromEntries(own.map(([name, { Value }]) => [name, evaluated(Value, deployedRefs(built))]));
}

/** The outputs for the commands, with a placeholder for every reference. */
function outputsIn(built: Template): Record<string, unknown> {
  const outputs = Object.entries(built.findOutputs('*', { Description: 'Webhook inbox, as its commands read it' }));
  return Object.fromEntries(outputs.map(([name, { Value }]) => [name, evaluated(Value, {})]));
}

/** The outputs that hold an inbox as JSON. */
const inboxesOf = (outputs: Record<string, unknown>) =>
  Object.values(outputs)
    .map(String)
    .filter((value) => value.startsWith('{'))
    .map((value) => JSON.parse(value));

describe('WebhookInboxStack', () => {
  it('has exactly the expected resources', () => {
    expect(typesOf(template)).toEqual(TYPES_OF_ONE_INBOX);
  });

  it('has outputs for its name, the URL and the secret of each source, the tables, the bucket, the receiver, its log, the forwarder, the event source mappings, the bus, its archive and the queues', () => {
    const url = 'https://abc123.execute-api.eu-west-1.amazonaws.com/prod/webhooks';
    expect(outputsOf(template)).toEqual({
      HooksInbox6BB8A58F: expect.any(String),
      InboxName: 'Hooks/Inbox',
      UrlPrefix: `${url}/`,
      TableName: 'the-table',
      QuarantineTableName: 'the-quarantine',
      PayloadBucketName: 'the-bucket',
      ReceiverName: 'the-receiver',
      ReceiverLogGroupName: 'the-log',
      ForwarderName: 'the-forwarder',
      ForwardingMappingId: 'the-stream-mapping',
      OverflowMappingId: 'the-overflow-mapping',
      BusName: 'the-bus',
      ArchiveName: 'the-archive',
      DeadLetterQueueUrl: 'the-dead-letters-url',
      OverflowQueueUrl: 'the-overflow-url',
      OverflowDeadLetterQueueUrl: 'the-overflow-dead-letters-url',
      PartnerUrl: `${url}/partner`,
      PartnerSecretName: 'Hooks/Inbox/partner',
      PartnerEuUrl: `${url}/partner-eu`,
      PartnerEuSecretName: 'Hooks/Inbox/partner-eu',
    });
  });

  it('has one output that holds the others in JSON, except for those of its sources', () => {
    const outputs = outputsOf(template);
    const common = Object.entries(outputs).filter(([name]) => !/^(Partner|HooksInbox)/.test(name));
    expect(inboxesOf(outputs)).toEqual([Object.fromEntries(common)]);
  });

  it('leaves out what it does not have', () => {
    const [inbox] = inboxesOf(outputsIn(inboxTemplate({ sources, forwarding: false })));
    expect(inbox).not.toHaveProperty('BusName');
    expect(inbox).toHaveProperty('TableName');
  });

  it('has outputs of its sources while CloudFormation, which allows 200, has room for them', () => {
    const many = (count: number) => {
      const names = Array.from({ length: count }, (_, index) => [`s${index}`, generic] as const);
      return inboxTemplate({ sources: Object.fromEntries(names), alarms: false }).toJSON().Outputs;
    };
    expect(Object.keys(many(90)).length).toBeLessThanOrEqual(200 - 2);
    expect(many(90)).toHaveProperty('S89SecretName');
    expect(Object.keys(many(91))).not.toContain('S0Url');
    expect(many(91)).toHaveProperty('UrlPrefix');
  });

  it('has complete secret names in its outputs, including hyphens', () => {
    expect(outputsOf(inboxTemplate({ sources: { 'a-b-c': generic } }, 'My-Hooks-EU'))).toMatchObject({
      ABCSecretName: 'My-Hooks-EU/Inbox/a-b-c',
    });
  });

  it('has the same template every time', () => {
    expect(inboxTemplate({ sources }).toJSON()).toEqual(template.toJSON());
  });

  it('has two tables that differ only in the stream of the events', () => {
    const [events, quarantine] = ['Events', 'Quarantine'].map((id) => {
      const { id: _, Metadata: __, ...table } = resourceNamed(template, 'AWS::DynamoDB::Table', id);
      return table;
    });
    const { StreamSpecification, ...properties } = events?.Properties ?? {};
    expect(StreamSpecification).toEqual({ StreamViewType: 'NEW_AND_OLD_IMAGES' });
    expect(quarantine).toEqual({ ...events, Properties: properties });
  });

  it('keeps its tables if they are deleted from the template, unless the removal policy is DESTROY', () => {
    const tables = (built: Template) => resourcesOf(built, 'AWS::DynamoDB::Table');
    for (const table of tables(template)) {
      expect(table).toMatchObject({ DeletionPolicy: 'Retain', Properties: { DeletionProtectionEnabled: true } });
    }
    for (const table of tables(inboxTemplate({ sources, removalPolicy: RemovalPolicy.DESTROY }))) {
      expect(table).toMatchObject({ DeletionPolicy: 'Delete', Properties: { DeletionProtectionEnabled: false } });
    }
  });
});

describe('WebhookInbox', () => {
  const stack = new Stack(unbundledApp(), 'Mine');
  const inboxes = ['First', 'Second'].map((id) => new WebhookInbox(stack, id, { sources }));

  it('can be in a stack more than once, with one setting of the account and its role', () => {
    const twice = Object.entries(TYPES_OF_ONE_INBOX).map(([type, count]): [string, number] => [type, 2 * count]);
    const types: Record<string, number> = Object.fromEntries(twice);
    const shared = { 'AWS::ApiGateway::Account': 1, 'AWS::IAM::Role': 7 };
    expect(typesOf(Template.fromStack(stack))).toEqual({ ...types, ...shared });
    const names = resourcesOf(Template.fromStack(stack), 'AWS::SecretsManager::Secret').map((s) => s.Properties.Name);
    expect(names).toEqual([
      'Mine/First/partner',
      'Mine/First/partner-eu',
      'Mine/Second/partner',
      'Mine/Second/partner-eu',
    ]);
  });

  it('has an output in any stack, one per inbox', () => {
    const inbox = { TableName: expect.any(String), UrlPrefix: expect.stringMatching(/^https:.+\/webhooks\/$/) };
    expect(inboxesOf(outputsIn(Template.fromStack(stack)))).toEqual([
      expect.objectContaining({ ...inbox, InboxName: 'Mine/First' }),
      expect.objectContaining({ ...inbox, InboxName: 'Mine/Second' }),
    ]);
  });

  it('has its output in the outermost stack, and its secrets’ names from there, if it is in a nested one', () => {
    const outer = new Stack(unbundledApp(), 'Outer');
    const nested = new NestedStack(outer, 'Nested');
    new WebhookInbox(nested, 'Inbox', { sources: { partner: { provider: 'generic' } } });
    expect(inboxesOf(outputsIn(Template.fromStack(outer)))).toMatchObject([{ InboxName: 'Outer/Nested/Inbox' }]);
    expect(inboxesOf(outputsIn(Template.fromStack(nested)))).toEqual([]);
    const secrets = resourcesOf(Template.fromStack(nested), 'AWS::SecretsManager::Secret');
    expect(secrets.map(({ Properties }) => Properties.Name)).toEqual(['Outer/Nested/Inbox/partner']);
  });

  it('rejects a retention below an hour', () => {
    expect(() => inboxTemplate({ sources, retention: Duration.minutes(59) })).toThrow(
      'retention must be at least an hour',
    );
  });

  it('exposes its tables, its bucket and the URL and the secret of each source', () => {
    for (const inbox of inboxes) {
      expect([...inbox.urls.keys()]).toEqual(Object.keys(sources));
      expect([...inbox.secrets.keys()]).toEqual(Object.keys(sources));
      const { table, quarantine, payloadBucket } = inbox;
      const path = stack.resolve([table.tableName, quarantine.tableName, payloadBucket.bucketName]);
      const id = inbox.node.id;
      expect(path).toEqual(
        ['EventsTable', 'QuarantineTable', 'PayloadsBucket'].map((part) => ({
          Ref: expect.stringContaining(id + part),
        })),
      );
    }
  });
});
