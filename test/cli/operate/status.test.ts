import { describe, expect, it } from '@jest/globals';
import { type AwsAnswer, type AwsCall, startAwsEndpoint } from '../../support/aws-endpoint.ts';
import { runCommand, runInto } from '../../support/command.ts';
import { RECEIVER_VARIABLES, startReceiverServices } from '../../support/receiver-services.ts';

const OUTPUTS = {
  ReceiverName: 'Receiver',
  ReceiverLogGroupName: 'log',
  OverflowQueueUrl: 'https://sqs.us-east-1.amazonaws.com/111122223333/overflow',
  OverflowDeadLetterQueueUrl: 'https://sqs.us-east-1.amazonaws.com/111122223333/overflow-dead',
  OverflowMappingId: 'overflow-mapping',
  DeadLetterQueueUrl: 'https://sqs.us-east-1.amazonaws.com/111122223333/dead',
  ForwarderName: 'Forwarder',
  ForwardingMappingId: 'stream-mapping',
};
const SOURCES = {
  partner: { provider: 'generic' },
  new: { provider: 'generic' },
  topic: { provider: 'sns', settings: { topicArn: 'arn:aws:sns:us-east-1:111122223333:t' } },
} as const;
const LAST = Date.parse('2026-03-01T12:00:00.000Z');

const missing = { __type: 'ResourceNotFoundException', message: 'no such version' };

/** The counts of Logs Insights: by source, outcome, and whether the previous secret was used. */
const COUNTS = [
  ['partner', 'processed', '', '7'],
  ['partner', 'processed', '1', '2'],
  ['partner', 'rejected', '', '3'],
].map(([source, outcome, used_previous_secret, deliveries]) =>
  Object.entries({ source, outcome, used_previous_secret, deliveries, last: String(LAST) }).map(([field, value]) => ({
    field,
    value,
  })),
);

/** An inbox in which only `new` needs attention, unless there are other answers. */
async function statusOf(
  answers: Readonly<Record<string, (input: AwsCall['input']) => AwsAnswer>> = {},
  mappings: Readonly<Record<string, string>> = {},
  args: readonly string[] = [],
  run: typeof runCommand = runCommand,
) {
  await using aws = await startAwsEndpoint(
    OUTPUTS,
    {
      GetSecretValue: ({ SecretId, VersionStage }) =>
        VersionStage === 'AWSPREVIOUS' && SecretId !== 'Hooks/Inbox/partner'
          ? missing
          : { SecretString: 'not to be shown' },
      StartQuery: () => ({ queryId: 'one' }),
      GetQueryResults: () => ({ status: 'Complete', results: COUNTS }),
      DescribeAlarms: () => ({ MetricAlarms: [] }),
      GetMetricData: () => ({ MetricDataResults: [{ Id: 'age', Values: [1_500] }] }),
      GetQueueAttributes: () => ({
        Attributes: { ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' },
      }),
      ...answers,
    },
    SOURCES,
    { InboxConflictAlarm: 'AWS::CloudWatch::Alarm', Nested: 'AWS::CloudFormation::Stack' },
  );
  await using lambda = await startReceiverServices({
    bucketName: 'payloads',
    functionName: 'Receiver',
    variables: RECEIVER_VARIABLES,
    mappings: { 'overflow-mapping': 'Enabled', 'stream-mapping': 'Enabled', ...mappings },
  });
  const ended = await run('status', ['--stack', 'Hooks', ...args], {
    ...aws.environment,
    ...lambda.environment,
    TZ: 'UTC',
  });
  expect(ended.stdout + ended.stderr).not.toContain('not to be shown');
  return { ...ended, calls: aws.calls };
}

/** All sources have their secrets. */
const withSecrets = { GetSecretValue: () => ({ SecretString: 'not to be shown' }) };

describe('status', () => {
  it('has the secret, the last event and the outcomes of each source, and whether the previous secret is used', async () => {
    const { stdout, status } = await statusOf({}, {}, ['--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      inbox: 'Hooks/Inbox',
      needsAttention: true,
      sources: [
        {
          source: 'partner',
          secret: 'set',
          outcomes: { processed: 9, rejected: 3 },
          lastAt: LAST,
          withPreviousSecret: 2,
        },
        { source: 'new', secret: 'not set', outcomes: {}, withPreviousSecret: 0 },
        { source: 'topic', secret: 'none needed' },
      ],
    });
    expect(status).toBe(1);
  });

  it('names a source that waits for the handshake with its secret, which needs attention', async () => {
    const key = { GetSecretValue: () => ({ SecretString: 'handshake-key:first:not to be shown' }) };
    const { stdout, status } = await statusOf(key);
    expect(stdout).toMatch(/\npartner +waits for its handshake +2026-03-01 12:00:00 /);
    expect(status).toBe(1);
  });

  it('has the exit status 0 if nothing needs attention', async () => {
    const { stdout, status } = await statusOf(withSecrets);
    expect(stdout).toMatch(/\npartner +set +2026-03-01 12:00:00 +9 +0 +0 +0 +0 +3 +0 +0 +used 2 times\n/);
    expect(stdout).toContain('ok         iterator age: 1.5 s\n');
    expect(stdout).not.toContain('attention');
    expect(status).toBe(0);
  });

  it.each<[string, Parameters<typeof statusOf>, RegExp]>([
    [
      'an alarm of the inbox that fires',
      [
        {
          ...withSecrets,
          DescribeAlarms: () => ({
            MetricAlarms: [
              {
                AlarmName: 'Hooks-InboxConflictAlarm-1A2B',
                AlarmDescription: 'A conflict. See docs/operations.md#conflict',
              },
              { AlarmName: 'Hooks-InboxConflictAlarm-3C4D', AlarmDescription: 'An alarm of the app' },
              {
                AlarmName: 'Hooks-Dev-InboxConflictAlarm-5E6F',
                AlarmDescription: 'Another stack. See docs/operations.md#conflict',
              },
            ],
          }),
        },
      ],
      /attention {2}alarms: 1 of the stack fires\n {2}Hooks-InboxConflictAlarm-1A2B: A conflict\. See docs\/operations\.md#conflict\n/,
    ],
    [
      'an alarm of a nested stack, on a later page of the alarms',
      [
        {
          ...withSecrets,
          DescribeAlarms: ({ NextToken }) =>
            NextToken
              ? {
                  MetricAlarms: [
                    {
                      AlarmName: 'Hooks-Nested-1A2B-Silent-3C4D',
                      AlarmDescription: 'docs/operations.md#source-silent',
                    },
                  ],
                }
              : { MetricAlarms: [], NextToken: 'second' },
        },
      ],
      /attention {2}alarms: 1 of the stack fires\n {2}Hooks-Nested-1A2B-Silent-3C4D: /,
    ],
    [
      'a secret that may not be read, with the action that is missing',
      [{ GetSecretValue: () => ({ __type: 'AccessDeniedException', message: 'no secretsmanager:GetSecretValue' }) }],
      /attention {2}secret of partner, and of 1 other source: Could not read Hooks\/Inbox\/partner\. Access denied: no secretsmanager:GetSecretValue\n/,
    ],
    [
      'messages in a dead-letter queue, also those that somebody holds',
      [
        {
          ...withSecrets,
          GetQueueAttributes: ({ QueueUrl }) => ({
            Attributes: { ApproximateNumberOfMessagesNotVisible: String(QueueUrl).endsWith('/dead') ? '2' : '0' },
          }),
        },
      ],
      /attention {2}dead letters: about 2 messages: read them with npm run redrive -- --dry-run\n/,
    ],
    [
      'an event source mapping that is disabled',
      [withSecrets, { 'stream-mapping': 'Disabled' }],
      /attention {2}forwarder's event source mapping: Disabled\n/,
    ],
    [
      'forwarding that is late',
      [{ ...withSecrets, GetMetricData: () => ({ MetricDataResults: [{ Id: 'age', Values: [301_000] }] }) }],
      /attention {2}iterator age: 301\.0 s\n/,
    ],
    ['a secret that is missing', [{ GetSecretValue: () => missing }], /\npartner +unreadable /],
  ])('has the exit status 1 for %s', async (_, [answers, mappings], shown) => {
    const { stdout, status } = await statusOf(answers, mappings);
    expect(stdout).toMatch(shown);
    expect(status).toBe(1);
  });

  it('ends without a trace, and with its exit status, if nobody reads all of its output', async () => {
    const closed: typeof runCommand = async (name, args, environment) => ({
      stdout: '',
      ...(await runInto('closed', name, args, environment)),
    });
    expect(await statusOf({}, {}, ['--json'], closed)).toMatchObject({ status: 1, stderr: '' });
  });

  it('has one line of JSON', async () => {
    const { stdout } = await statusOf(withSecrets, {}, ['--json']);
    expect(stdout).toBe(`${JSON.stringify(JSON.parse(stdout))}\n`);
  });

  it('asks for the alarms of the stack that fire, and counts the lines of a day', async () => {
    const { calls } = await statusOf();
    const inputOf = (operation: string) => calls.find((call) => call.operation === operation)?.input ?? {};
    expect(inputOf('DescribeAlarms')).toEqual({ AlarmNamePrefix: 'Hooks-', StateValue: 'ALARM' });
    const { startTime, endTime } = inputOf('StartQuery');
    expect(Number(endTime) - Number(startTime)).toBeGreaterThanOrEqual(24 * 3_600);
  });
});
