import { describe, expect, it } from '@jest/globals';
import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AttributeType, StreamViewType, Table, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { WebhookInbox } from '../../lib/webhook-inbox.ts';
import type { WebhookInboxProps } from '../../lib/webhook-inbox-props.ts';
import { existingResources, KEY_ARN } from './every-option.ts';
import { arn, type Permission, permissionsOf, rolesOf } from './role-policies.ts';
import { onlyResource, resourceNamed, resourcesOf, unbundledApp } from './synthesis.ts';

const sources = { partner: { provider: 'generic' } } as const;
const env = { region: 'eu-west-1', account: '111122223333' };

interface Built {
  readonly inbox: WebhookInbox;
  readonly stack: Stack;
  readonly template: Template;
}

function build(props: Partial<WebhookInboxProps>, change: (inbox: WebhookInbox) => void = () => undefined): Built {
  const stack = new Stack(unbundledApp(), 'Hooks', { env });
  const inbox = new WebhookInbox(stack, 'Inbox', { sources, ...props });
  change(inbox);
  return { inbox, stack, template: Template.fromStack(stack) };
}

/** The permissions of each role by its logical id without hash. */
const permissionsIn = (template: Template) =>
  new Map(rolesOf(template).map(({ name, statements }) => [name, permissionsOf(statements)]));

const elsewhere = new Stack();
const otherKey = Key.fromKeyArn(elsewhere, 'Other', arn.key('other'));

describe('existing tables and an existing bucket', () => {
  const { table, quarantineTable, payloadBucket } = existingResources();
  const { template, inbox } = build({ table, quarantineTable, payloadBucket });
  const through = (service: string, action: string): Permission => [
    action,
    KEY_ARN,
    `${service}.eu-west-1.amazonaws.com`,
  ];

  it('replace those of the inbox', () => {
    for (const type of ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy'])
      expect(resourcesOf(template, type)).toEqual([]);
    expect([inbox.table, inbox.quarantine, inbox.payloadBucket]).toEqual([table, quarantineTable, payloadBucket]);
  });

  it('are what the functions are given', () => {
    for (const id of ['Receiver', 'Overflow']) {
      const { Environment } = resourceNamed(template, 'AWS::Lambda::Function', id).Properties;
      const names = { TABLE_NAME: 'events', QUARANTINE_TABLE_NAME: 'quarantine', PAYLOAD_BUCKET_NAME: 'payloads' };
      expect(Environment).toMatchObject({ Variables: names });
    }
    const { Environment } = resourceNamed(template, 'AWS::Lambda::Function', 'Forwarding').Properties;
    expect(Environment).toMatchObject({ Variables: { TABLE_NAME: 'events', PAYLOAD_BUCKET_NAME: 'payloads' } });
    expect(resourceNamed(template, 'AWS::Lambda::EventSourceMapping', 'Forwarding').Properties).toMatchObject({
      EventSourceArn: arn.stream('events'),
    });
  });

  it.each(['InboxReceiverRole', 'InboxOverflowRole'])('may be written to by %s, with their own keys', (role) => {
    const onResources = permissionsIn(template)
      .get(role)
      ?.filter(([action]) => /^(dynamodb|s3|kms):/.test(action));
    expect(onResources).toEqual([
      ['dynamodb:PutItem', arn.table('events')],
      ['dynamodb:PutItem', arn.table('quarantine')],
      ['s3:PutObject', `${arn.bucket('payloads')}/*`],
      through('dynamodb', 'kms:Decrypt'),
      through('dynamodb', 'kms:GenerateDataKey'),
      ['kms:GenerateDataKey', arn.key('other'), 's3.eu-west-1.amazonaws.com'],
    ]);
  });

  it('may be read by the forwarder, from the stream, with the key of the table', () => {
    const permissions = permissionsIn(template).get('InboxForwardingRole');
    expect(permissions?.filter(([action]) => /^(dynamodb|kms):/.test(action))).toEqual([
      ...['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map((action): Permission => {
        return [`dynamodb:${action}`, arn.stream('events')];
      }),
      through('dynamodb', 'kms:Decrypt'),
    ]);
  });

  it('may be read by a consumer, with their own keys', () => {
    const { template: granted } = build({ table, quarantineTable, payloadBucket }, (made) => {
      made.grantRead(new Role(made, 'Consumer', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    });
    expect(permissionsIn(granted).get('InboxConsumer')).toEqual([
      ['dynamodb:GetItem', arn.table('events')],
      ['s3:GetObject', `${arn.bucket('payloads')}/*`],
      through('dynamodb', 'kms:Decrypt'),
      ['kms:Decrypt', arn.key('other'), 's3.eu-west-1.amazonaws.com'],
    ]);
  });

  it('are used without a key if they have none, also if the inbox has a key', () => {
    const bucket = Bucket.fromBucketArn(elsewhere, 'Unencrypted', arn.bucket('payloads'));
    const unencrypted = Table.fromTableArn(elsewhere, 'UnencryptedTable', arn.table('quarantine'));
    const key = Key.fromKeyArn(elsewhere, 'InboxKey', KEY_ARN);
    const keyed = build({ quarantineTable: unencrypted, payloadBucket: bucket, encryptionKey: key }).template;
    const uses = permissionsIn(keyed)
      .get('InboxReceiverRole')
      ?.filter(([action]) => action.startsWith('kms:'));
    expect(uses?.map(([action, , via]) => [action, via?.split('.')[0]])).toEqual([
      ['kms:Decrypt', 'dynamodb'],
      ['kms:GenerateDataKey', 'dynamodb'],
      ['kms:Decrypt', 'sqs'],
      ['kms:GenerateDataKey', 'sqs'],
      ['kms:Decrypt', 'secretsmanager'],
    ]);
  });
});

describe('an existing table', () => {
  const id = { name: 'id', type: AttributeType.STRING };
  const right = { partitionKey: id, timeToLiveAttribute: 'expires_at', stream: StreamViewType.NEW_AND_OLD_IMAGES };

  it.each([
    ['Table', (stack: Stack) => new Table(stack, 'Table', right)],
    [
      'TableV2',
      (stack: Stack) =>
        new TableV2(stack, 'Table', {
          partitionKey: id,
          timeToLiveAttribute: 'expires_at',
          dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
          encryption: TableEncryptionV2.customerManagedKey(Key.fromKeyArn(stack, 'Key', KEY_ARN)),
        }),
    ],
  ])('may be a %s of the app, also in another stack', (_, tableIn) => {
    const app = unbundledApp();
    const tables = new Stack(app, 'Tables', { env });
    const stack = new Stack(app, 'Hooks', { env });
    new WebhookInbox(stack, 'Inbox', { sources, table: tableIn(tables) });
    Template.fromStack(stack).resourceCountIs('AWS::DynamoDB::Table', 1);
    expect(tables.dependencies).toEqual([]);
  });

  it.each<[string, (stack: Stack) => Partial<WebhookInboxProps>, string]>([
    [
      'another partition key',
      (stack) => ({ table: new Table(stack, 'Table', { ...right, partitionKey: { ...id, name: 'pk' } }) }),
      'table must have the partition key "id" (AttributeType.STRING), and no sort key.',
    ],
    [
      'a partition key of another type',
      (stack) => ({
        table: new Table(stack, 'Table', { ...right, partitionKey: { ...id, type: AttributeType.NUMBER } }),
      }),
      'table must have the partition key "id"',
    ],
    [
      'a sort key',
      (stack) => ({ quarantineTable: new Table(stack, 'Table', { ...right, sortKey: { ...id, name: 'sk' } }) }),
      'quarantineTable must have the partition key "id" (AttributeType.STRING), and no sort key.',
    ],
    [
      'another TTL attribute',
      (stack) => ({ table: new Table(stack, 'Table', { ...right, timeToLiveAttribute: 'ttl' }) }),
      "table must have timeToLiveAttribute: 'expires_at', so that its items expire.",
    ],
    [
      'no TTL attribute',
      (stack) => ({ quarantineTable: new Table(stack, 'Table', { partitionKey: id }) }),
      "quarantineTable must have timeToLiveAttribute: 'expires_at'",
    ],
    [
      'no stream',
      (stack) => ({ table: new Table(stack, 'Table', { partitionKey: id, timeToLiveAttribute: 'expires_at' }) }),
      'table has no stream for the forwarder: set its stream to StreamViewType.NEW_AND_OLD_IMAGES, or forwarding: false.',
    ],
    [
      'a stream that was not imported',
      (stack) => ({ table: Table.fromTableName(stack, 'Table', 'events') }),
      'Import a table with its tableStreamArn (Table.fromTableAttributes).',
    ],
    [
      'a stream without old images',
      (stack) => ({ table: new Table(stack, 'Table', { ...right, stream: StreamViewType.NEW_IMAGE }) }),
      'table has a stream without old images: set its stream to StreamViewType.NEW_AND_OLD_IMAGES',
    ],
    [
      'both roles',
      (stack) => {
        const table = new Table(stack, 'Table', right);
        return { table, quarantineTable: table };
      },
      'quarantineTable must be another table than table',
    ],
    [
      'another region',
      (stack) => ({
        table: Table.fromTableArn(stack, 'Table', 'arn:aws:dynamodb:us-east-1:111122223333:table/events'),
      }),
      'table must be in the account and the region of the inbox.',
    ],
    [
      'another account',
      (stack) => {
        const tables = new Stack(stack.node.root, 'Tables', { env: { ...env, account: '444455556666' } });
        return { quarantineTable: new Table(tables, 'Table', { ...right, tableName: 'quarantine' }) };
      },
      'quarantineTable must be in the account and the region of the inbox.',
    ],
  ])('with %s is refused', (_, props, message) => {
    const stack = new Stack(unbundledApp(), 'Hooks', { env });
    expect(() => new WebhookInbox(stack, 'Inbox', { sources, ...props(stack) })).toThrow(message);
  });

  it('needs no stream without forwarding', () => {
    const table = Table.fromTableName(elsewhere, 'Unforwarded', 'events');
    expect(build({ table, forwarding: false }).inbox.table).toBe(table);
  });
});

describe('a prefix in an existing bucket', () => {
  const bucket = Bucket.fromBucketName(elsewhere, 'Shared', 'payloads');
  const payloadBucket = { bucket, prefix: 'webhooks/shop.1/' };
  const { template, inbox } = build({ payloadBucket }, (made) => {
    made.grantRead(new Role(made, 'Consumer', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    made.grantOperate(new Role(made, 'Operator', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
  });

  it('is the only part of the bucket that a role may use', () => {
    const onObjects = [...permissionsIn(template)].map(([role, permissions]) => [
      role,
      permissions.filter(([action]) => action.startsWith('s3:')),
    ]);
    const objects = `${arn.bucket('payloads')}/webhooks/shop.1/*`;
    expect(Object.fromEntries(onObjects.filter(([, permissions]) => permissions?.length))).toEqual({
      InboxReceiverRole: [['s3:PutObject', objects]],
      InboxOverflowRole: [['s3:PutObject', objects]],
      InboxConsumer: [['s3:GetObject', objects]],
      InboxOperator: [
        ['s3:GetObject', objects],
        ['s3:PutObject', objects],
      ],
    });
  });

  it('is given to the functions that store payloads, and to the commands', () => {
    for (const id of ['Receiver', 'Overflow']) {
      const { Environment } = resourceNamed(template, 'AWS::Lambda::Function', id).Properties;
      const variables = { PAYLOAD_BUCKET_NAME: 'payloads', PAYLOAD_PREFIX: 'webhooks/shop.1/' };
      expect(Environment).toMatchObject({ Variables: variables });
    }
    expect([inbox.payloadBucket, inbox.payloadPrefix]).toEqual([bucket, 'webhooks/shop.1/']);
    expect(JSON.stringify(template.toJSON().Outputs)).toContain('"PayloadPrefix\\":\\"webhooks/shop.1/');
  });

  it('is nowhere without one', () => {
    const plain = build({ payloadBucket: bucket });
    expect(plain.inbox.payloadPrefix).toBe('');
    expect(JSON.stringify(plain.template.toJSON())).not.toMatch(/PAYLOAD_PREFIX|PayloadPrefix/);
  });

  it.each(['webhooks', '/webhooks/', 'a//b/', '*/', 'a?/', 'a$/', '../', 'a/./', 'a b/', `${'x'.repeat(200)}/`])(
    'is refused if it is no path that ends with a slash: %s',
    (prefix) => {
      expect(() => build({ payloadBucket: { bucket, prefix } })).toThrow(
        'payloadBucket.prefix must be parts of letters',
      );
    },
  );

  it.each([undefined, 'payloads', {}])('is refused without a bucket: %j', (missing) => {
    const payloads = { bucket: missing as unknown as IBucket, prefix: 'webhooks/' };
    expect(() => build({ payloadBucket: payloads })).toThrow('payloadBucket.bucket must be a bucket, such as');
  });

  it('keeps two inboxes in one bucket apart, and is refused if it does not', () => {
    const second = (prefix: string) => {
      const stack = new Stack(unbundledApp(), 'Hooks', { env });
      new WebhookInbox(stack, 'One', { sources, payloadBucket: { bucket, prefix: 'one/' } });
      return new WebhookInbox(stack, 'Two', { sources, payloadBucket: { bucket, prefix } });
    };
    expect(second('two/').payloadPrefix).toBe('two/');
    for (const prefix of ['one/', 'one/more/']) {
      expect(() => second(prefix)).toThrow(
        `payloadBucket.prefix "${prefix}" and that of Hooks/One, "one/", hold each other's objects`,
      );
    }
  });

  it('is refused beside an inbox that uses the whole bucket, whichever comes first', () => {
    const places = [bucket, { bucket, prefix: 'one/' }];
    for (const [first, second] of [places, places.toReversed()]) {
      const stack = new Stack(unbundledApp(), 'Hooks', { env });
      new WebhookInbox(stack, 'One', { sources, payloadBucket: first });
      expect(() => new WebhookInbox(stack, 'Two', { sources, payloadBucket: second })).toThrow(
        "hold each other's objects",
      );
    }
  });

  it('is compared for a bucket that each stack imports in its own way', () => {
    const stack = new Stack(unbundledApp(), 'Hooks', { env });
    new WebhookInbox(stack, 'One', { sources, payloadBucket: { bucket, prefix: 'one/' } });
    const same = Bucket.fromBucketArn(stack, 'Same', arn.bucket('payloads'));
    expect(() => new WebhookInbox(stack, 'Two', { sources, payloadBucket: { bucket: same, prefix: 'one/' } })).toThrow(
      "hold each other's objects",
    );
  });

  it('may be that of an imported inbox, which may be the same one', () => {
    const app = unbundledApp();
    const attributes = { inboxName: 'Hooks/Inbox', tableName: 'events', payloadBucketName: 'payloads' };
    WebhookInbox.fromAttributes(new Stack(app, 'Consumer', { env }), 'Inbox', { ...attributes, payloadPrefix: 'one/' });
    const hooks = new Stack(app, 'Hooks', { env });
    const place = { bucket: Bucket.fromBucketName(hooks, 'Same', 'payloads'), prefix: 'one/' };
    expect(new WebhookInbox(hooks, 'Inbox', { sources, payloadBucket: place }).payloadPrefix).toBe('one/');
  });
});

describe('an existing bucket', () => {
  it('of another region is refused', () => {
    const attributes = { bucketName: 'payloads', region: 'us-east-1' };
    const payloadBucket = Bucket.fromBucketAttributes(elsewhere, 'Far', attributes);
    expect(() => build({ payloadBucket })).toThrow('payloadBucket must be in the account and the region of the inbox.');
  });
});

describe('an existing bus', () => {
  const bus = EventBus.fromEventBusName(elsewhere, 'Bus', 'company');

  it('gets the events and an archive of them, and is not made again', () => {
    const { template, inbox } = build({ forwarding: { bus, archiveRetention: Duration.days(7) } });
    expect(resourcesOf(template, 'AWS::Events::EventBus')).toEqual([]);
    expect(inbox.forwarding?.bus).toBe(bus);
    expect(resourceNamed(template, 'AWS::Lambda::Function', 'Forwarding').Properties.Environment).toMatchObject({
      Variables: { BUS_NAME: 'company' },
    });
    expect(onlyResource(template, 'AWS::Events::Archive').Properties).toMatchObject({
      EventPattern: { source: [{ prefix: 'webhook-inbox.' }] },
      RetentionDays: 7,
    });
  });

  it('may be put events on by the forwarder, and no other bus', () => {
    const named = EventBus.fromEventBusArn(elsewhere, 'Arn', arn.bus('company'));
    const permissions = permissionsIn(build({ forwarding: { bus: named } }).template).get('InboxForwardingRole');
    expect(permissions?.filter(([action]) => action.startsWith('events:'))).toEqual([
      ['events:PutEvents', arn.bus('company')],
    ]);
  });

  it('may be shared by inboxes of a stack, also if the app makes it', () => {
    const stack = new Stack(unbundledApp(), 'Hooks', { env });
    const shared = new EventBus(stack, 'Bus');
    for (const id of ['First', 'Second']) new WebhookInbox(stack, id, { sources, forwarding: { bus: shared } });
    expect(resourcesOf(Template.fromStack(stack), 'AWS::Events::Archive')).toHaveLength(2);
  });

  it('keeps its own key, and the key of the inbox encrypts the archive only', () => {
    const stack = new Stack(unbundledApp(), 'Hooks', { env });
    const encryptionKey = new Key(stack, 'Key');
    new WebhookInbox(stack, 'Inbox', { sources, encryptionKey, forwarding: { bus: new EventBus(stack, 'Bus') } });
    const template = Template.fromStack(stack);
    const keyArn = { 'Fn::GetAtt': [onlyResource(template, 'AWS::KMS::Key').id, 'Arn'] };
    expect(onlyResource(template, 'AWS::Events::EventBus').Properties).not.toHaveProperty('KmsKeyIdentifier');
    expect(onlyResource(template, 'AWS::Events::Archive').Properties.KmsKeyIdentifier).toEqual(keyArn);
    const { KeyPolicy } = onlyResource(template, 'AWS::KMS::Key').Properties;
    expect(JSON.stringify(KeyPolicy)).toContain('kms:EncryptionContext:aws:events:event-bus:arn');
  });

  it('leaves the policy of the key to its owner if it has no archive', () => {
    const stack = new Stack(unbundledApp(), 'Hooks', { env });
    const encryptionKey = new Key(stack, 'Key');
    new WebhookInbox(stack, 'Inbox', { sources, encryptionKey, forwarding: { bus, archive: false } });
    const { KeyPolicy } = onlyResource(Template.fromStack(stack), 'AWS::KMS::Key').Properties;
    expect(JSON.stringify(KeyPolicy)).not.toContain('events.amazonaws.com');
  });

  it.each([
    ['company', 'rule/company/*'],
    ['default', 'rule/*'],
  ])('named %s lets its rules use the key for dead letters', (name, rules) => {
    const stack = new Stack(unbundledApp(), 'Hooks', { env });
    const encryptionKey = new Key(stack, 'Key');
    const forwarding = { bus: EventBus.fromEventBusName(stack, 'Bus', name) };
    const inbox = new WebhookInbox(stack, 'Inbox', { sources, encryptionKey, forwarding });
    inbox.onEvent('partner', { target: new SqsQueue(new Queue(stack, 'Queue')) });
    const template = Template.fromStack(stack);
    expect(onlyResource(template, 'AWS::Events::Rule').Properties.EventBusName).toBe(name);
    expect(JSON.stringify(onlyResource(template, 'AWS::KMS::Key').Properties.KeyPolicy)).toContain(`:${rules}"`);
  });

  it('of another account is refused', () => {
    const far = EventBus.fromEventBusArn(
      elsewhere,
      'FarBus',
      'arn:aws:events:eu-west-1:444455556666:event-bus/company',
    );
    expect(() => build({ forwarding: { bus: far } })).toThrow(
      'forwarding.bus must be in the account and the region of the inbox.',
    );
  });
});

describe('archive: false', () => {
  it.each([[undefined], [EventBus.fromEventBusName(elsewhere, 'Unarchived', 'company')]])(
    'leaves out the archive and its output, with a bus %#',
    (bus) => {
      const { template, inbox } = build({ forwarding: { archive: false, ...(bus && { bus }) } });
      expect(resourcesOf(template, 'AWS::Events::Archive')).toEqual([]);
      expect(inbox.forwarding?.archive).toBeUndefined();
      const outputs = JSON.stringify(template.findOutputs('*'));
      expect(outputs).toContain('BusName');
      expect(outputs).not.toContain('ArchiveName');
    },
  );

  it('does not go with archiveRetention', () => {
    expect(() => build({ forwarding: { archive: false, archiveRetention: Duration.days(7) } })).toThrow(
      'forwarding.archiveRetention has no effect with archive: false; leave one of them out.',
    );
  });

  it('is the only other value', () => {
    const archive = 'none' as unknown as boolean;
    expect(() => build({ forwarding: { archive } })).toThrow('forwarding.archive must be true or false, not "none".');
  });
});

describe('keys', () => {
  it('that several resources have are granted once', () => {
    const attributes = { tableStreamArn: arn.stream('events'), encryptionKey: otherKey };
    const table = Table.fromTableAttributes(elsewhere, 'A', { ...attributes, tableArn: arn.table('events') });
    const quarantineTable = Table.fromTableAttributes(elsewhere, 'B', {
      encryptionKey: Key.fromKeyArn(elsewhere, 'Again', arn.key('other')),
      tableArn: arn.table('quarantine'),
    });
    const permissions = permissionsIn(build({ table, quarantineTable }).template).get('InboxReceiverRole');
    expect(permissions?.filter(([action]) => action === 'kms:Decrypt')).toHaveLength(1);
  });
});
