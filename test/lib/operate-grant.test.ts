import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { AccountRootPrincipal, ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import { WebhookInbox } from '../../lib/webhook-inbox.ts';
import type { WebhookInboxProps } from '../../lib/webhook-inbox-props.ts';
import { importsOf } from '../boundaries/imports.ts';
import { KEY_ARN } from './every-option.ts';
import { arn, type Permission, permissionsOf, problemsOf, rolesOf } from './role-policies.ts';
import { onlyResource, resourcesOf, unbundledApp } from './synthesis.ts';

const env = { region: 'eu-west-1', account: '111122223333' };
const parameter = StringParameter.fromSecureStringParameterAttributes(
  new Stack(undefined, 'Parameters', { env }),
  'Parameter',
  {
    parameterName: '/hooks/stored',
  },
);
const withSecrets = { partner: { provider: 'generic' }, shop: { provider: 'shopify' } } as const;
const sources = { ...withSecrets, stored: { provider: 'generic', secret: parameter } } as const;
const key = Key.fromKeyArn(new Stack(), 'Key', KEY_ARN);
const SECRETS = Object.keys(withSecrets).map((source) => arn.secret(`Hooks/Inbox/${source}`));

/** The resources that docs/operations.md names in its table. */
const RESOURCES: Readonly<Record<string, readonly string[]>> = {
  'the stack': [arn.stack('Hooks', '0a1b2c3d')],
  "the receiver's log group": [arn.logGroup('InboxReceiverLogs')],
  '`*`': ['*'],
  'the event source mappings': [arn.mapping('InboxForwardingStream'), arn.mapping('InboxOverflowMessages')],
  'its own rule': [arn.rule('InboxForwardingBus', 'webhook-inbox-tail-0a1b2c3d')],
  'its own queue': [arn.queue('webhook-inbox-tail-0a1b2c3d')],
  'the receiver': [arn.function('InboxReceiverFunction')],
  "the source's secret": SECRETS,
  "the source's parameter": [arn.parameter('/hooks/stored')],
  'the archive': [arn.archive('InboxForwardingBusArchive')],
  'the archive, and replays': [arn.archive('InboxForwardingBusArchive'), arn.replay('orders-1')],
  replays: [arn.replay('orders-1')],
  'the bus': [arn.bus('InboxForwardingBus')],
  'the bus and its rules': [arn.bus('InboxForwardingBus'), arn.rule('InboxForwardingBus', 'orders')],
  'the table': [arn.table('InboxEventsTable')],
  'the events table': [arn.table('InboxEventsTable')],
  "the table's stream": [arn.stream('InboxEventsTable')],
  'the quarantine table': [arn.table('InboxQuarantineTable')],
  "the bucket's objects": [arn.object('InboxPayloadsBucket', 'partner/0123456789abcdef')],
  'the dead-letter queues': [arn.queue('InboxForwardingDeadLetters'), arn.queue('InboxOverflowDeadLetters')],
  'the dead-letter queue of forwarding': [arn.queue('InboxForwardingDeadLetters')],
  'the overflow queue': [arn.queue('InboxOverflowQueue')],
};

const page = readFileSync('docs/operations.md', 'utf8');
const [, section = ''] = /^## Operators' permissions\n([\s\S]*?)^## /m.exec(page) ?? [];

/** The permissions in a row: each list of actions is for the list of resources at its place, or for every resource. */
function permissionsIn([, , actions = '', resources = '']: readonly string[]): Permission[] {
  const lists = actions.split(';').map((list) => [...list.matchAll(/`(\w+:\w+)`/g)].map(([, action = '']) => action));
  const named = resources.split('; ');
  return lists.flatMap((list, index) => {
    const places = lists.length === named.length ? [named[index] ?? ''] : named;
    return places.flatMap((place) => arnsOf(place).flatMap((each) => list.map((action): Permission => [action, each])));
  });
}

/** @throws {Error} if the page names another resource */
function arnsOf(place: string): readonly string[] {
  const arns = RESOURCES[place];
  if (!arns) throw new Error(`docs/operations.md names ${place}`);
  return arns;
}

/** The cells of the table. Rows without resources repeat others. */
const rows = [...section.matchAll(/^\| .* \|$/gm)]
  .map(([row]) => row.split('|').map((cell) => cell.trim()))
  .filter(([, , actions, resources]) => actions?.includes(':') && resources !== '');
const unique = (permissions: readonly Permission[]) => [
  ...new Map(permissions.map((permission) => [permission.join(), permission])).values(),
];
/** What docs/operations.md lists. */
const LISTED = unique([
  ['cloudformation:DescribeStacks', arn.stack('Hooks', '0a1b2c3d')],
  ...rows.flatMap(permissionsIn),
]);

const through = (service: string, ...actions: string[]) =>
  actions.map((action): Permission => [action, KEY_ARN, `${service}.eu-west-1.amazonaws.com`]);
const LISTED_WITH_KEY: readonly Permission[] = [
  ...LISTED,
  ...['dynamodb', 's3', 'sqs', 'secretsmanager'].flatMap((service) =>
    through(service, 'kms:Decrypt', 'kms:GenerateDataKey'),
  ),
  ...through('events', 'kms:Decrypt'),
];

/** Calls that no command makes. */
const FORBIDDEN: readonly Permission[] = [
  ...['UpdateItem', 'DeleteItem', 'Query', 'DeleteTable', 'UpdateTable'].map(
    (action): Permission => [`dynamodb:${action}`, arn.table('InboxEventsTable')],
  ),
  ['dynamodb:PutItem', arn.table('InboxQuarantineTable')],
  ['dynamodb:GetItem', arn.table('Other')],
  ['s3:DeleteObject', arn.object('InboxPayloadsBucket', 'partner/0123456789abcdef')],
  ['s3:ListBucket', arn.bucket('InboxPayloadsBucket')],
  ['s3:GetObject', arn.object('Other', 'partner/0123456789abcdef')],
  ['secretsmanager:GetSecretValue', arn.secret('Hooks/Other/partner')],
  ...['DeleteSecret', 'UpdateSecretVersionStage', 'PutResourcePolicy'].map(
    (action): Permission => [`secretsmanager:${action}`, SECRETS[0] ?? ''],
  ),
  ['sqs:ReceiveMessage', arn.queue('InboxOverflowQueue')],
  ['sqs:PurgeQueue', arn.queue('InboxOverflowDeadLetters')],
  ['sqs:SendMessage', arn.queue('InboxOverflowDeadLetters')],
  ...['PutRule', 'DeleteRule', 'PutTargets', 'RemoveTargets'].map(
    (action): Permission => [`events:${action}`, arn.rule('InboxForwardingBus', 'orders')],
  ),
  ['sqs:DeleteQueue', arn.queue('InboxOverflowQueue')],
  ['sqs:CreateQueue', arn.queue('orders')],
  ['logs:FilterLogEvents', arn.logGroup('Other')],
  ['logs:StartQuery', arn.logGroup('InboxForwardingLogs')],
  ['logs:DeleteLogGroup', arn.logGroup('InboxReceiverLogs')],
  ['lambda:GetEventSourceMapping', arn.mapping('Other')],
  ['lambda:UpdateEventSourceMapping', arn.mapping('InboxForwardingStream')],
  ['cloudwatch:PutMetricAlarm', '*'],
  ['events:ListTargetsByRule', arn.rule('Other', 'orders')],
  ['events:PutEvents', arn.bus('default')],
  ['events:StartReplay', arn.archive('Other')],
  ['events:DeleteArchive', arn.archive('InboxForwardingBusArchive')],
  ...['UpdateStack', 'DeleteStack', 'CreateChangeSet'].map(
    (action): Permission => [`cloudformation:${action}`, arn.stack('Hooks', '0a1b2c3d')],
  ),
  ['cloudformation:DescribeStacks', arn.stack('Hooks-Other', '0a1b2c3d')],
  ...['InvokeFunction', 'UpdateFunctionConfiguration'].map(
    (action): Permission => [`lambda:${action}`, arn.function('InboxReceiverFunction')],
  ),
  ['kms:Decrypt', KEY_ARN],
  ['kms:CreateGrant', KEY_ARN, 'dynamodb.eu-west-1.amazonaws.com'],
  ['kms:GenerateDataKey', KEY_ARN, 'events.eu-west-1.amazonaws.com'],
];

const stackOf = (id = 'Hooks', app = unbundledApp()) => new Stack(app, id, { env });

/** The statements of an operator of an inbox in the same stack. */
function statementsOf(props: Partial<WebhookInboxProps> = {}) {
  const stack = stackOf();
  const inbox = new WebhookInbox(stack, 'Inbox', { sources, ...props });
  const operator = new Role(stack, 'Operator', { assumedBy: new AccountRootPrincipal() });
  expect(inbox.grantOperate(operator).success).toBe(true);
  return rolesOf(Template.fromStack(stack)).find(({ name }) => name === 'Operator')?.statements ?? [];
}

const actionsOf = (permissions: readonly Permission[]) =>
  [...new Set(permissions.map(([action]) => action))].toSorted();

describe('grantOperate', () => {
  it('allows exactly what docs/operations.md lists for the commands', () => {
    expect(LISTED.length).toBeGreaterThan(30);
    expect([...problemsOf(statementsOf(), { needed: LISTED, forbidden: FORBIDDEN })]).toEqual([]);
  });

  it('allows to use the key of the inbox through the services that hold its data', () => {
    const meant = { needed: LISTED_WITH_KEY, forbidden: FORBIDDEN };
    expect([...problemsOf(statementsOf({ encryptionKey: key }), meant)]).toEqual([]);
  });

  it('allows nothing of forwarding if the inbox does not forward, and nothing of secrets if it has none', () => {
    const certified = { topic: { provider: 'sns', settings: { topicArn: 'arn:aws:sns:eu-west-1:111122223333:t' } } };
    const statements = statementsOf({ sources: certified as never, forwarding: false, encryptionKey: key });
    const services = permissionsOf(statements).map(([action, , via]) => via ?? action);
    expect(services.filter((each) => /^(events|secretsmanager)[.:]|GetRecords|CreateQueue/.test(each))).toEqual([]);
    expect(services).toContain('sqs:ReceiveMessage');
  });

  it('allows the use of existing secrets, parameters and their keys, also to store another secret', () => {
    const elsewhere = new Stack();
    const secretArn = `arn:aws:secretsmanager:${env.region}:${env.account}:secret:team/partner-a1B2c3`;
    const parameterArn = `arn:aws:ssm:${env.region}:${env.account}:parameter/team/shop`;
    const parameterName = '/team/shop';
    const existing = {
      partner: { provider: 'generic', secret: Secret.fromSecretCompleteArn(elsewhere, 'Secret', secretArn) },
      shop: {
        provider: 'shopify',
        secret: StringParameter.fromSecureStringParameterAttributes(stackOf('Team'), 'P', {
          parameterName,
          encryptionKey: key,
        }),
      },
    } as const;
    const permissions = permissionsOf(statementsOf({ sources: existing }));
    expect(permissions.filter(([action, , via]) => /^(secretsmanager|ssm)/.test(via ?? action))).toEqual([
      ['secretsmanager:GetSecretValue', secretArn, undefined],
      ['secretsmanager:PutSecretValue', secretArn, undefined],
      ...['GetParameter', 'GetParameterHistory', 'PutParameter'].map((action) => [
        `ssm:${action}`,
        parameterArn,
        undefined,
      ]),
      ...through('ssm', 'kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'),
    ]);
  });

  it("names the rules of the account's default bus as AWS does, and nothing of an archive that does not exist", () => {
    const bus = EventBus.fromEventBusArn(stackOf('Buses'), 'Bus', arn.bus('default'));
    const permissions = permissionsOf(statementsOf({ forwarding: { bus, archive: false } }));
    const rules = permissions.filter(([action]) => action === 'events:ListTargetsByRule').map(([, each]) => each);
    expect(rules).toEqual([arn.bus('default'), `arn:aws:events:${env.region}:${env.account}:rule/*`]);
    expect(permissions.filter(([action]) => /Archive|StartReplay/.test(action))).toEqual([]);
  });

  it('may be given to a role of another stack, on which the stack of the inbox then does not depend', () => {
    const app = unbundledApp();
    const hooks = stackOf('Hooks', app);
    const inbox = new WebhookInbox(hooks, 'Inbox', { sources, encryptionKey: new Key(stackOf('Keys', app), 'Key') });
    const operators = stackOf('Operators', app);
    inbox.grantOperate(new Role(operators, 'Operator', { assumedBy: new AccountRootPrincipal() }));
    app.synth();
    expect(operators.dependencies).toContain(hooks);
    expect(hooks.dependencies).not.toContain(operators);
  });

  it('may be given to a role whose account and region are unknown until it is deployed', () => {
    const app = unbundledApp();
    const inbox = new WebhookInbox(new Stack(app, 'Hooks'), 'Inbox', { sources });
    const operators = new Stack(app, 'Operators');
    inbox.grantOperate(new Role(operators, 'Operator', { assumedBy: new AccountRootPrincipal() }));
    expect(JSON.stringify(Template.fromStack(operators).toJSON())).toContain(':stack/Hooks/*');
  });

  it('names the outermost stack for an inbox in a nested stack', () => {
    const hooks = stackOf();
    const inbox = new WebhookInbox(new NestedStack(hooks, 'Nested'), 'Inbox', { sources });
    inbox.grantOperate(new Role(hooks, 'Operator', { assumedBy: new AccountRootPrincipal() }));
    const [policy] = resourcesOf(Template.fromStack(hooks), 'AWS::IAM::Policy');
    expect(JSON.stringify(policy)).toContain(':cloudformation:eu-west-1:111122223333:stack/Hooks/*');
  });

  it('fits into one managed policy, also with a key and for 1,000 sources', () => {
    const stack = stackOf();
    const names = Array.from({ length: 1000 }, (_, index) => [`partner-${index}`, { provider: 'generic' }] as const);
    const many = { sources: Object.fromEntries(names), encryptionKey: key, alarms: false } as const;
    const inbox = new WebhookInbox(stack, 'Inbox', many);
    const policy = new ManagedPolicy(stack, 'Operators');
    expect(inbox.grantOperate(policy).success).toBe(true);
    const { PolicyDocument } = onlyResource(Template.fromStack(stack), 'AWS::IAM::ManagedPolicy').Properties;
    expect(JSON.stringify(PolicyDocument)).toContain(':secret:Hooks/Inbox/*"');
    // A reference in the template is about as long as the ARN that it becomes.
    expect(JSON.stringify(PolicyDocument).length).toBeLessThan(6144);
  });
});

/** The services, as actions name them, by the package of their client. */
const SERVICES: Readonly<Record<string, string>> = {
  '@aws-sdk/client-cloudformation': 'cloudformation',
  '@aws-sdk/client-cloudwatch': 'cloudwatch',
  '@aws-sdk/client-cloudwatch-logs': 'logs',
  '@aws-sdk/client-dynamodb': 'dynamodb',
  '@aws-sdk/client-dynamodb-streams': 'dynamodb',
  '@aws-sdk/client-eventbridge': 'events',
  '@aws-sdk/client-lambda': 'lambda',
  '@aws-sdk/client-secrets-manager': 'secretsmanager',
  '@aws-sdk/client-sqs': 'sqs',
  '@aws-sdk/lib-dynamodb': 'dynamodb',
};
/** The operations of what is not named after them. */
const OPERATIONS: Readonly<Record<string, string>> = {
  GetCommand: 'GetItem',
  PutCommand: 'PutItem',
  DeleteCommand: 'DeleteItem',
  paginateScan: 'Scan',
  paginateDescribeAlarms: 'DescribeAlarms',
};

/** The actions of the commands of the SDK that a file imports, and of the requests that it signs for S3 and the Parameter Store. */
function actionsIn(file: string): string[] {
  const code = readFileSync(file, 'utf8');
  const parameters = [...code.matchAll(/\bcall\('(\w+)',/g)].map(([, operation]) => `ssm:${operation}`);
  const imports = code.matchAll(/^import \{([^}]*)\} from '(@aws-sdk\/[^']+)';/gm);
  const commands = [...imports].flatMap(([, names = '', source = '']) =>
    names.split(',').flatMap((name) => actionOf(name.trim(), source) ?? []),
  );
  const objects = /\bs3Request\(/.test(code) ? ['s3:GetObject', 's3:PutObject'] : [];
  return [...commands, ...parameters, ...objects];
}

/** @throws {Error} for a command of a service that docs/operations.md does not know */
function actionOf(name: string, source: string): string | undefined {
  const operation = OPERATIONS[name] ?? /^([A-Z]\w+)Command$/.exec(name)?.[1];
  if (operation && !SERVICES[source]) throw new Error(`There is no service for ${source}.`);
  return operation && `${SERVICES[source]}:${operation}`;
}

/** Files, and those that they import for more than types, without those of the inbox on one machine. */
function withImports(files: readonly string[]): string[] {
  const seen = new Set(files);
  for (const file of seen) {
    const imports = importsOf(file, readFileSync(file, 'utf8')).filter(({ isType }) => !isType);
    const targets = imports.map(({ target }) => target).filter((target) => !target.startsWith('cli/local/'));
    for (const target of targets) if (target.endsWith('.ts')) seen.add(target);
  }
  return [...seen];
}

describe('docs/operations.md', () => {
  const commands = withImports([
    ...globSync(['cli/operate/**/*.ts', 'cli/deliveries/**/*.ts']),
    'cli/send/deployed-recipient.ts',
  ]);

  it('lists the actions of exactly those commands of the SDK that the code of the commands imports', () => {
    expect([...new Set(commands.flatMap(actionsIn))].toSorted()).toEqual(actionsOf(LISTED));
  });
});
