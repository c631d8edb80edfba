import { describe, expect, it } from '@jest/globals';
import type { Statement } from 'pbac';
import type { WebhookInboxProps } from '../../lib/webhook-inbox-props.ts';
import { everyOption, KEY_ARN } from './every-option.ts';
import { allow, arn, type Permission, type Privileges, permissionsOf, problemsOf, rolesOf } from './role-policies.ts';
import { inboxTemplate, onlyResource, type Resource, resourcesOf } from './synthesis.ts';

const TABLE = 'InboxEventsTable';
const QUARANTINE = 'InboxQuarantineTable';
const BUCKET = 'InboxPayloadsBucket';
/** A payload in the bucket. */
const OBJECT = arn.object(BUCKET, `partner/${'0123456789abcdef'.repeat(4)}`);
const BUS = 'InboxForwardingBus';
const DEAD_LETTERS = 'InboxForwardingDeadLetters';
const OVERFLOW = 'InboxOverflowQueue';
const OVERFLOW_DEAD_LETTERS = 'InboxOverflowDeadLetters';
const RECEIVER = 'InboxReceiverRole';
const RECEIVER_LOGS = 'InboxReceiverLogs';
const FORWARDER = 'InboxForwardingRole';
const FORWARDER_LOGS = 'InboxForwardingLogs';
const OVERFLOW_ROLE = 'InboxOverflowRole';
const OVERFLOW_LOGS = 'InboxOverflowLogs';
const PARTNER = arn.secret('Hooks/Inbox/partner');
const SHOP = arn.secret('Hooks/Inbox/shop');
const ACCOUNT_ROLE = 'WebhookInboxAccountRole';
const DYNAMODB = 'dynamodb.eu-west-1.amazonaws.com';
const S3 = 's3.eu-west-1.amazonaws.com';
const SECRETS_MANAGER = 'secretsmanager.eu-west-1.amazonaws.com';
const SQS = 'sqs.eu-west-1.amazonaws.com';
const SOMEBODY = 'arn:aws:iam::111122223333:role/somebody';

/** Every action on every resource. */
const each = (actions: readonly string[], resources: readonly string[]): Permission[] =>
  actions.flatMap((action) => resources.map((resource): Permission => [action, resource]));

/** Every action on the key, called through a service. */
function through(service: string, actions: readonly string[], key: string): Permission[] {
  return actions.map((action) => [action, key, service]);
}

const logs = (group: string) => each(['logs:CreateLogStream', 'logs:PutLogEvents'], [arn.logStream(group)]);

/** Calls that no function of an inbox may make. */
const NEVER: readonly Permission[] = [
  ...each(
    ['GetItem', 'BatchGetItem', 'Query', 'Scan', 'PartiQLSelect', 'ConditionCheckItem', 'DescribeTable'].map(dynamodb),
    [arn.table(TABLE), `${arn.table(TABLE)}/index/any`, arn.table(QUARANTINE)],
  ),
  ...each(
    ['DeleteItem', 'UpdateItem', 'BatchWriteItem', 'PartiQLInsert', 'PartiQLUpdate', 'PartiQLDelete'].map(dynamodb),
    [arn.table(TABLE), arn.table(QUARANTINE)],
  ),
  ...each(
    ['DeleteTable', 'UpdateTable', 'UpdateTimeToLive', 'ExportTableToPointInTime', 'PutResourcePolicy'].map(dynamodb),
    [arn.table(TABLE), arn.table(QUARANTINE)],
  ),
  ...each(['dynamodb:PutItem', 'dynamodb:GetRecords'], [arn.table('Other'), arn.stream('Other')]),
  ...each(['dynamodb:PutItem'], [`${arn.table(TABLE)}2`, `${arn.table(QUARANTINE)}2`, arn.stream(TABLE)]),
  ...each(['dynamodb:ListTables', 'dynamodb:ListStreams', 'dynamodb:CreateTable'], ['*']),
  ...each(
    ['PutSecretValue', 'UpdateSecret', 'UpdateSecretVersionStage', 'DeleteSecret', 'DescribeSecret'].map(
      (action) => `secretsmanager:${action}`,
    ),
    [PARTNER, SHOP],
  ),
  ...each(['secretsmanager:RotateSecret', 'secretsmanager:PutResourcePolicy'], [PARTNER, SHOP]),
  ...each(
    ['secretsmanager:GetSecretValue'],
    [
      arn.secret('Hooks/Inbox/other'),
      arn.secret('Hooks/Inbox/partner-eu'),
      arn.secret('Hooks/Inbox/partne'),
      arn.secret('Other/Inbox/partner'),
    ],
  ),
  ...each(
    ['secretsmanager:ListSecrets', 'secretsmanager:BatchGetSecretValue', 'secretsmanager:GetRandomPassword'],
    ['*'],
  ),
  ...each(['events:PutEvents'], [arn.bus('default'), arn.bus('Other'), arn.bus(`${BUS}2`)]),
  ...each(
    ['PutRule', 'PutTargets', 'DeleteRule', 'StartReplay', 'DeleteArchive', 'DeleteEventBus', 'PutPermission'].map(
      (action) => `events:${action}`,
    ),
    [arn.bus(BUS), '*'],
  ),
  ...each(
    ['ReceiveMessage', 'DeleteMessage', 'PurgeQueue', 'GetQueueAttributes', 'SetQueueAttributes'].map(
      (action) => `sqs:${action}`,
    ),
    [arn.queue(DEAD_LETTERS), arn.queue(OVERFLOW_DEAD_LETTERS)],
  ),
  ...each(['sqs:PurgeQueue', 'sqs:SetQueueAttributes', 'sqs:ChangeMessageVisibility'], [arn.queue(OVERFLOW)]),
  ...each(['sqs:SendMessage'], [arn.queue(OVERFLOW_DEAD_LETTERS)]),
  ...through(SQS, ['kms:Decrypt', 'kms:GenerateDataKey'], arn.key('other')),
  ...through(SQS, ['kms:Encrypt', 'kms:CreateGrant', 'kms:DescribeKey'], KEY_ARN),
  ...each(['sqs:SendMessage'], [arn.queue('Other'), arn.queue(`${DEAD_LETTERS}2`)]),
  ...each(['logs:CreateLogStream', 'logs:PutLogEvents'], [arn.logStream('Other')]),
  ...each(
    ['CreateLogGroup', 'DeleteLogGroup', 'GetLogEvents', 'FilterLogEvents', 'PutRetentionPolicy', 'StartQuery'].map(
      (action) => `logs:${action}`,
    ),
    [arn.logStream(RECEIVER_LOGS), arn.logStream(FORWARDER_LOGS), '*'],
  ),
  ...each(
    ['iam:PassRole', 'iam:CreateRole', 'iam:PutRolePolicy', 'iam:AttachRolePolicy', 'iam:UpdateAssumeRolePolicy'],
    [SOMEBODY, '*'],
  ),
  ...each(['sts:AssumeRole', 'sts:TagSession'], [SOMEBODY, '*']),
  ...each(
    ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey', 'kms:CreateGrant', 'kms:DescribeKey', 'kms:ReEncryptFrom'],
    [KEY_ARN, arn.key('other'), '*'],
  ),
  ...['dynamodb', 's3', 'secretsmanager', 'sqs'].flatMap((service) =>
    through(`${service}.us-east-1.amazonaws.com`, ['kms:Decrypt', 'kms:GenerateDataKey'], KEY_ARN),
  ),
  ...['events', 'logs', 'lambda'].flatMap((service) =>
    through(`${service}.eu-west-1.amazonaws.com`, ['kms:Decrypt', 'kms:GenerateDataKey'], KEY_ARN),
  ),
  ...through(SECRETS_MANAGER, ['kms:GenerateDataKey', 'kms:Encrypt', 'kms:CreateGrant'], KEY_ARN),
  ...through(SECRETS_MANAGER, ['kms:Decrypt'], arn.key('other')),
  ...through(SQS, ['kms:Encrypt', 'kms:CreateGrant', 'kms:DescribeKey'], KEY_ARN),
  ...through(SQS, ['kms:Decrypt', 'kms:GenerateDataKey'], arn.key('other')),
  ...through(S3, ['kms:GenerateDataKey'], arn.key('other')),
  ...through(S3, ['kms:Decrypt', 'kms:Encrypt', 'kms:CreateGrant', 'kms:DescribeKey'], KEY_ARN),
  ...through(DYNAMODB, ['kms:Decrypt', 'kms:GenerateDataKey'], arn.key('other')),
  ...through(DYNAMODB, ['kms:Encrypt', 'kms:CreateGrant', 'kms:DescribeKey'], KEY_ARN),
  ...each(
    ['s3:PutObject', 's3:GetObject', 's3:DeleteObject'],
    [arn.object('other', 'key'), arn.object(`${BUCKET}2`, 'key'), '*'],
  ),
  ...each(
    ['GetObject', 'DeleteObject', 'PutObjectAcl', 'PutObjectTagging', 'PutObjectRetention', 'AbortMultipartUpload'].map(
      (action) => `s3:${action}`,
    ),
    [OBJECT],
  ),
  ...each(
    ['ListBucket', 'DeleteBucket', 'PutBucketPolicy', 'PutLifecycleConfiguration', 'PutBucketPublicAccessBlock'].map(
      (action) => `s3:${action}`,
    ),
    [arn.bucket(BUCKET)],
  ),
  ...each(['s3:PutObject'], [arn.bucket(BUCKET)]),
  ...each(['s3:ListAllMyBuckets', 's3:CreateBucket'], ['*']),
  ...each(
    [
      'lambda:InvokeFunction',
      'lambda:UpdateFunctionCode',
      'lambda:UpdateFunctionConfiguration',
      'lambda:AddPermission',
    ],
    ['arn:aws:lambda:eu-west-1:111122223333:function:any', '*'],
  ),
  ...each(['apigateway:PATCH', 'cloudformation:UpdateStack', 'ec2:CreateNetworkInterface', 'sns:Publish'], ['*']),
  ...each(['xray:PutTraceSegments', 'cloudwatch:PutMetricData', 'ssm:GetParameter'], ['*']),
];

function dynamodb(action: string): string {
  return `dynamodb:${action}`;
}

const PUTS_ITEMS = each(['dynamodb:PutItem'], [arn.table(TABLE), arn.table(QUARANTINE)]);
const PUTS_PAYLOADS = each(['s3:PutObject'], [OBJECT]);
const READS_SECRETS = each(['secretsmanager:GetSecretValue'], [PARTNER, SHOP]);
const READS_STREAM = each(['DescribeStream', 'GetRecords', 'GetShardIterator', 'ListStreams'].map(dynamodb), [
  arn.stream(TABLE),
]);
const PUTS_EVENTS = each(['events:PutEvents'], [arn.bus(BUS)]);
const SENDS_DEAD_LETTERS = each(['sqs:SendMessage'], [arn.queue(DEAD_LETTERS)]);
const SENDS_OVERFLOW = each(['sqs:SendMessage'], [arn.queue(OVERFLOW)]);
const TAKES_OVERFLOW = each(
  ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
  [arn.queue(OVERFLOW)],
);

/** Calls that a service makes on behalf of a writer, and of a reader. */
const WRITES_ITEMS_WITH_KEY = through(DYNAMODB, ['kms:Decrypt', 'kms:GenerateDataKey'], KEY_ARN);
const WRITES_OBJECTS_WITH_KEY = through(S3, ['kms:GenerateDataKey'], KEY_ARN);
const READS_SECRETS_WITH_KEY = through(SECRETS_MANAGER, ['kms:Decrypt'], KEY_ARN);
const READS_STREAM_WITH_KEY = through(DYNAMODB, ['kms:Decrypt'], KEY_ARN);
const SENDS_WITH_KEY = through(SQS, ['kms:Decrypt', 'kms:GenerateDataKey'], KEY_ARN);
const TAKES_WITH_KEY = through(SQS, ['kms:Decrypt'], KEY_ARN);

/** The calls that `lambda/receiver/handler.ts` makes. */
const RECEIVES: Privileges = {
  needed: [...PUTS_ITEMS, ...PUTS_PAYLOADS, ...SENDS_OVERFLOW, ...READS_SECRETS, ...logs(RECEIVER_LOGS)],
  forbidden: [
    ...NEVER,
    ...READS_STREAM,
    ...PUTS_EVENTS,
    ...SENDS_DEAD_LETTERS,
    ...TAKES_OVERFLOW,
    ...logs(FORWARDER_LOGS),
    ...logs(OVERFLOW_LOGS),
  ],
};

/** The same without a source that has a secret: AWS signs for SNS with a certificate. */
const RECEIVES_WITHOUT_SECRETS: Privileges = {
  needed: [...PUTS_ITEMS, ...PUTS_PAYLOADS, ...SENDS_OVERFLOW, ...logs(RECEIVER_LOGS)],
  forbidden: [...RECEIVES.forbidden, ...READS_SECRETS],
};

/** The calls that `lambda/overflow/handler.ts` makes, and those that Lambda makes on its behalf to read the queue. */
const STORES_OVERFLOW: Privileges = {
  needed: [...TAKES_OVERFLOW, ...PUTS_ITEMS, ...PUTS_PAYLOADS, ...logs(OVERFLOW_LOGS)],
  forbidden: [
    ...NEVER,
    ...READS_STREAM,
    ...READS_SECRETS,
    ...PUTS_EVENTS,
    ...SENDS_DEAD_LETTERS,
    ...SENDS_OVERFLOW,
    ...logs(RECEIVER_LOGS),
    ...logs(FORWARDER_LOGS),
  ],
};

/** The calls that `lambda/forwarder/handler.ts` makes, and those that Lambda makes on its behalf to read the stream. */
const FORWARDS: Privileges = {
  needed: [...READS_STREAM, ...PUTS_EVENTS, ...SENDS_DEAD_LETTERS, ...logs(FORWARDER_LOGS)],
  forbidden: [
    ...NEVER,
    ...PUTS_ITEMS,
    ...PUTS_PAYLOADS,
    ...READS_SECRETS,
    ...SENDS_OVERFLOW,
    ...TAKES_OVERFLOW,
    ...logs(RECEIVER_LOGS),
    ...logs(OVERFLOW_LOGS),
  ],
};

/** The same if the inbox has a key. */
const RECEIVES_WITH_KEY: Privileges = {
  needed: [
    ...RECEIVES.needed,
    ...WRITES_ITEMS_WITH_KEY,
    ...WRITES_OBJECTS_WITH_KEY,
    ...SENDS_WITH_KEY,
    ...READS_SECRETS_WITH_KEY,
  ],
  forbidden: RECEIVES.forbidden,
};
const RECEIVES_WITH_KEY_WITHOUT_SECRETS: Privileges = {
  needed: [...RECEIVES_WITHOUT_SECRETS.needed, ...WRITES_ITEMS_WITH_KEY, ...WRITES_OBJECTS_WITH_KEY, ...SENDS_WITH_KEY],
  forbidden: [...RECEIVES_WITHOUT_SECRETS.forbidden, ...READS_SECRETS_WITH_KEY],
};
const STORES_OVERFLOW_WITH_KEY: Privileges = {
  needed: [...STORES_OVERFLOW.needed, ...WRITES_ITEMS_WITH_KEY, ...WRITES_OBJECTS_WITH_KEY, ...TAKES_WITH_KEY],
  forbidden: [
    ...STORES_OVERFLOW.forbidden,
    ...through(SQS, ['kms:GenerateDataKey'], KEY_ARN),
    ...READS_SECRETS_WITH_KEY,
  ],
};
const FORWARDS_WITH_KEY: Privileges = {
  needed: [...FORWARDS.needed, ...READS_STREAM_WITH_KEY, ...SENDS_WITH_KEY],
  forbidden: [
    ...FORWARDS.forbidden,
    ...through(DYNAMODB, ['kms:GenerateDataKey'], KEY_ARN),
    ...WRITES_OBJECTS_WITH_KEY,
    ...READS_SECRETS_WITH_KEY,
  ],
};

/** Every option but those of the functions, whose permissions are on every resource: function-options.test.ts has them. */
function everyOptionOfResources(of: WebhookInboxProps['sources']): WebhookInboxProps {
  const { functions: _, ...props } = everyOption(of);
  return props;
}

const sources = { partner: { provider: 'generic' }, shop: { provider: 'shopify' } } as const;
/** AWS signs with a certificate. */
const certified = {
  topic: { provider: 'sns', settings: { topicArn: 'arn:aws:sns:eu-west-1:111122223333:topic' } },
} as const;

/** Every kind of stack, with the roles of its functions. */
const STACKS: readonly [kind: string, WebhookInboxProps, Readonly<Record<string, Privileges>>][] = [
  ['with forwarding', { sources }, { [RECEIVER]: RECEIVES, [OVERFLOW_ROLE]: STORES_OVERFLOW, [FORWARDER]: FORWARDS }],
  ['without forwarding', { sources, forwarding: false }, { [RECEIVER]: RECEIVES, [OVERFLOW_ROLE]: STORES_OVERFLOW }],
  [
    'without a secret',
    { sources: certified },
    { [RECEIVER]: RECEIVES_WITHOUT_SECRETS, [OVERFLOW_ROLE]: STORES_OVERFLOW, [FORWARDER]: FORWARDS },
  ],
  [
    'with a key, without a secret',
    everyOptionOfResources(certified),
    {
      [RECEIVER]: RECEIVES_WITH_KEY_WITHOUT_SECRETS,
      [OVERFLOW_ROLE]: STORES_OVERFLOW_WITH_KEY,
      [FORWARDER]: FORWARDS_WITH_KEY,
    },
  ],
  [
    'with every option',
    everyOptionOfResources(sources),
    {
      [RECEIVER]: RECEIVES_WITH_KEY,
      [OVERFLOW_ROLE]: STORES_OVERFLOW_WITH_KEY,
      [FORWARDER]: FORWARDS_WITH_KEY,
    },
  ],
];

const TRUSTS_LAMBDA = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
};

/** The statements without one permission. */
function without(statements: readonly Statement[], removed: Permission): Statement[] {
  return permissionsOf(statements)
    .filter((permission) => permission.join() !== removed.join())
    .map(allow);
}

const isNoticed = (statements: readonly Statement[], meant: Privileges) => !problemsOf(statements, meant).next().done;

describe.each(STACKS)('a stack %s', (_, props, privileges) => {
  const template = inboxTemplate(props);
  const all = rolesOf(template);
  const roles = all.filter(({ name }) => name !== ACCOUNT_ROLE);

  it('has the expected roles only, and their policies are inline', () => {
    expect(all.map(({ name }) => name).sort()).toEqual([...Object.keys(privileges), ACCOUNT_ROLE].sort());
    for (const type of ['Policy', 'ManagedPolicy', 'RolePolicy']) {
      expect(Object.keys(template.findResources(`AWS::IAM::${type}`))).toEqual([]);
    }
  });

  describe.each(roles.map((role) => ({ ...role, meant: privileges[role.name] ?? { needed: [], forbidden: NEVER } })))(
    '$name',
    ({ properties, policies, statements, meant }) => {
      it('can be assumed by Lambda only and has no managed policy', () => {
        expect(properties.AssumeRolePolicyDocument).toEqual(TRUSTS_LAMBDA);
        expect(properties).not.toHaveProperty('ManagedPolicyArns');
      });

      it('names every action and every resource without a wildcard, except the objects of the bucket', () => {
        const withoutObjects = JSON.stringify(policies).replace(',"/*"]', '');
        expect(withoutObjects).not.toMatch(/[*?]|"Not(Action|Resource)"/);
      });

      it('allows the calls that the function makes and nothing else', () => {
        expect([...problemsOf(statements, meant)]).toEqual([]);
      });

      it.each(permissionsOf(statements))('fails this test if it lacks %s on %s', (...removed) => {
        expect(isNoticed(without(statements, removed), meant)).toBe(true);
      });

      it('fails this test if it has any other permission', () => {
        const wider = permissionsOf(statements).flatMap(([action, resource, via]): Permission[] => [
          [action, '*', via],
          [action, `${resource}*`, via],
          [`${action.split(':')[0]}:*`, resource, via],
          [action, resource, via ? undefined : DYNAMODB],
        ]);
        const unnoticed = [...meant.forbidden, ...wider, ['*', '*'] as const, ['made:Up', 'arn:x'] as const].filter(
          (added) => !isNoticed([...statements, allow(added)], meant),
        );
        expect(unnoticed).toEqual([]);
      });
    },
  );
});

describe("API Gateway's role for logs", () => {
  const role = (template: ReturnType<typeof inboxTemplate>): Resource | undefined =>
    resourcesOf(template, 'AWS::IAM::Role').find(({ id }) => id.startsWith(ACCOUNT_ROLE));
  const template = inboxTemplate({ sources });

  it('can be assumed by API Gateway only, has the one policy that it requires and is retained', () => {
    const { id, Metadata: _, ...resource } = role(template) ?? { id: '', Metadata: undefined };
    expect(resource).toEqual({
      Type: 'AWS::IAM::Role',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        Description: expect.any(String),
        AssumeRolePolicyDocument: {
          Version: '2012-10-17',
          Statement: [
            { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'apigateway.amazonaws.com' } },
          ],
        },
        ManagedPolicyArns: [
          {
            'Fn::Join': [
              '',
              ['arn:', { Ref: 'AWS::Partition' }, ':iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs'],
            ],
          },
        ],
      },
    });
    expect(onlyResource(template, 'AWS::ApiGateway::Account')).toMatchObject({
      Properties: { CloudWatchRoleArn: { 'Fn::GetAtt': [id, 'Arn'] } },
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
    });
  });

  it.each([[{ setAccountRole: false }], [false]] as const)('is not created if accessLogs is %j', (accessLogs) => {
    const without = inboxTemplate({ sources, accessLogs });
    expect(role(without)).toBeUndefined();
    expect(resourcesOf(without, 'AWS::ApiGateway::Account')).toEqual([]);
    expect(rolesOf(without)).toHaveLength(3);
  });
});
