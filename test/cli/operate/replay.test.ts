import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { describe, expect, it, jest } from '@jest/globals';
import { watchReplay } from '../../../cli/operate/watch-replay.ts';
import { type AwsAnswer, type AwsCall, startAwsEndpoint } from '../../support/aws-endpoint.ts';
import { runCommand, startCommand } from '../../support/command.ts';

const BUS_ARN = 'arn:aws:events:us-east-1:111122223333:event-bus/Hooks-bus';
const ARCHIVE_ARN = 'arn:aws:events:us-east-1:111122223333:archive/Hooks-archive';
const PATTERN = '{"source":["webhook-inbox.stripe-eu"]}';
const FROM = Date.parse('2026-03-01T08:00:00Z') / 1000;
const TO = FROM + 2 * 3600;

const ruleOf = (Name: string, rest = {}) => ({
  Name,
  Arn: `arn:aws:events:us-east-1:111122223333:rule/Hooks-bus/${Name}`,
  EventPattern: PATTERN,
  State: 'ENABLED',
  EventBusName: 'Hooks-bus',
  ...rest,
});

/** Two pages of rules, the archive's own among them. */
function listRules({ NextToken }: AwsCall['input']) {
  const own = { ManagedBy: 'prod.vhs.events.aws.internal' };
  if (!NextToken) return { Rules: [ruleOf('Events-Archive-Hooks-archive', own), ruleOf('audit')], NextToken: 'more' };
  return { Rules: [ruleOf('invoices'), ruleOf('paused', { State: 'DISABLED' }), ruleOf('nobody')] };
}

const replayed = (State: string, rest = {}) => ({
  ReplayName: 'one',
  State,
  EventStartTime: FROM,
  EventEndTime: TO,
  ...rest,
});

/** EventBridge with these answers; a replay completes at once unless they say otherwise. */
const startEvents = (answers: Readonly<Record<string, () => AwsAnswer>> = {}) =>
  startAwsEndpoint(
    { TableName: 'events', BusName: 'Hooks-bus', ArchiveName: 'Hooks-archive' },
    {
      DescribeArchive: () => ({
        ArchiveName: 'Hooks-archive',
        ArchiveArn: ARCHIVE_ARN,
        EventSourceArn: BUS_ARN,
        RetentionDays: 30,
        EventCount: 1_234,
      }),
      ListRules: listRules,
      ListTargetsByRule: ({ Rule }) => ({
        Targets: Rule === 'nobody' ? [] : [{ Id: '1', Arn: 'arn:aws:sqs:us-east-1:111122223333:Invoices' }],
      }),
      StartReplay: () => ({ State: 'STARTING' }),
      DescribeReplay: () => replayed('COMPLETED'),
      CancelReplay: () => ({ State: 'CANCELLING' }),
      ...answers,
    },
  );

async function runReplay(args: readonly string[], environment: NodeJS.ProcessEnv) {
  const ended = await runCommand('replay', args, environment);
  expect(ended.stderr).not.toContain('    at ');
  return ended;
}

const ago = (hours: number) => Date.now() / 1000 - hours * 3600;
const invoices = ['--stack', 'Hooks', '--rule', 'invoices', '--from', '2h'];

describe('npm run replay', () => {
  it('explains that an inbox without an archive has nothing to replay, and asks EventBridge nothing', async () => {
    await using aws = await startAwsEndpoint({ TableName: 'events', BusName: 'Hooks-bus' }, {});
    const { status, stderr } = await runReplay(invoices, aws.environment);
    expect(status).toBe(1);
    expect(stderr).toMatch(/deployed without an archive, so there is nothing to replay\.[\s\S]*redeliver/);
    expect(aws.calls).toEqual([]);
  });

  it('replays the window to one rule, and waits for the end', async () => {
    await using aws = await startEvents();
    const { status, stdout, stderr } = await runReplay([...invoices, '--to', '1h'], aws.environment);
    const start = aws.calls.find(({ operation }) => operation === 'StartReplay')?.input;
    expect(start).toEqual({
      ReplayName: expect.stringMatching(/^invoices-\d{8}T\d{6}-[0-9a-f]{8}$/),
      EventSourceArn: ARCHIVE_ARN,
      EventStartTime: expect.closeTo(ago(2), -2),
      EventEndTime: expect.closeTo(ago(1), -2),
      Destination: { Arn: BUS_ARN, FilterArns: [ruleOf('invoices').Arn] },
    });
    expect(stdout).toMatch(`Z to the rule invoices. The replay is ${start?.ReplayName}\n`);
    expect(stdout).toMatch(`The replay ${start?.ReplayName} is complete.\n`);
    expect({ status, stderr }).toEqual({ status: 0, stderr: 'COMPLETED\n' });
    expect(aws.calls.at(-1)).toEqual({ operation: 'DescribeReplay', input: { ReplayName: start?.ReplayName } });
  });

  it('shows in a dry run window, archive, rule and targets, warns of a recent end, and starts nothing', async () => {
    await using aws = await startEvents();
    const { status, stdout, stderr } = await runReplay([...invoices, '--dry-run'], aws.environment);
    expect(status).toBe(0);
    for (const said of ['Hooks-archive, keeps events 30 days; about 1234 events in all', 'invoices, enabled', PATTERN])
      expect(stdout).toContain(said);
    expect(stdout).toMatch(/targets {2}arn:aws:sqs:us-east-1:111122223333:Invoices\nNothing was replayed/);
    expect(stderr).toMatch(/^The archive may be 10 minutes behind: /);
    const operations = new Set(aws.calls.map(({ operation }) => operation));
    expect([...operations]).toEqual(['DescribeArchive', 'ListRules', 'ListTargetsByRule']);
  });

  it('prints the reason and exits with 1 if the replay fails', async () => {
    await using aws = await startEvents({
      DescribeReplay: () => replayed('FAILED', { StateReason: 'The bus is gone' }),
    });
    const { status, stderr } = await runReplay(['--watch', 'one'], aws.environment);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'FAILED\nThe replay one is FAILED: The bus is gone\n',
    });
  });

  it('leaves the replay running when it is interrupted, and prints how to watch and to end it', async () => {
    await using aws = await startEvents({ DescribeReplay: () => replayed('RUNNING', { EventLastReplayedTime: FROM }) });
    await using command = startCommand('replay', [...invoices, '--to', '1h'], aws.environment);
    const [, name] = await command.shows(/The replay is (\S+)\n/);
    command.interrupt();
    const { status, stderr } = await command.ended;
    expect(status).toBe(130);
    expect(stderr).toContain(`To watch it: npm run replay -- --watch ${name}`);
    expect(stderr).toContain(`To end it:   npm run replay -- --cancel ${name}`);
    expect(aws.calls.map(({ operation }) => operation)).not.toContain('CancelReplay');
  });

  it('cancels a replay', async () => {
    await using aws = await startEvents();
    const { status, stdout } = await runReplay(['--cancel', 'one'], aws.environment);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: expect.stringMatching(/^The replay one is being cancelled/),
    });
    expect(aws.calls).toEqual([{ operation: 'CancelReplay', input: { ReplayName: 'one' } }]);
  });

  const window = ['--stack', 'Hooks', '--from', '2h', '--to', '1h'];

  it.each([
    [
      'an unknown rule, and names the rules of the bus',
      [...window, '--rule', 'invoice'],
      /^The bus Hooks-bus has no rule invoice for a replay\. It has: audit, invoices, paused, nobody\.\n$/,
    ],
    ['a disabled rule', [...window, '--rule', 'paused'], /^The rule paused is disabled, and would match nothing/],
    ['a rule without targets', [...window, '--rule', 'nobody'], /^The rule nobody has no targets/],
    ['a window before the archive', [...window, '--rule', 'audit', '--from', '31d'], /^The archive keeps .* 30 days/],
    ['a replay without a beginning', ['--rule', 'invoices'], /^Name a rule and a begin/],
    ['two things to do', ['--watch', 'one', '--cancel', 'one'], /^Give one of --rule, --watch and --cancel/],
  ])('refuses %s', async (_, args, message) => {
    await using aws = await startEvents();
    const { status, stdout, stderr } = await runReplay(args, aws.environment);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(aws.calls.map(({ operation }) => operation)).not.toContain('StartReplay');
  });

  it('prints the reason why EventBridge does not accept a replay', async () => {
    const invalid = { __type: 'ValidationException', message: 'Parameter EventEndTime is not valid.' };
    await using aws = await startEvents({ StartReplay: () => invalid });
    const { status, stdout, stderr } = await runReplay([...window, '--rule', 'invoices'], aws.environment);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toBe('EventBridge does not accept the replay: Parameter EventEndTime is not valid.\n');
  });

  it('prints its help', async () => {
    const { status, stdout } = await runReplay(['--help'], {});
    expect(status).toBe(0);
    expect(stdout).toContain(
      'npm run replay -- --rule NAME --from TIME [--to TIME] [--stack NAME] [--inbox NAME] [--dry-run]',
    );
  });
});

describe('watching a replay', () => {
  it('shows the progress through the window until the replay ends', async () => {
    const answers = [
      replayed('STARTING'),
      replayed('RUNNING', { EventLastReplayedTime: FROM + 1800 }),
      replayed('RUNNING', { EventLastReplayedTime: FROM + 5400 }),
      replayed('COMPLETED', { EventLastReplayedTime: TO }),
    ];
    await using aws = await startEvents({ DescribeReplay: () => answers.shift() ?? replayed('FAILED') });
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const endpoint = aws.environment.AWS_ENDPOINT_URL ?? '';
    const client = new EventBridgeClient({ endpoint, region: 'us-east-1', credentials });
    const written = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    const end = await watchReplay(client, 'one', { pollMs: 0, signal: new AbortController().signal });
    const lines = written.mock.calls.map(([text]) => text);
    written.mockRestore();
    expect(end).toEqual({ state: 'COMPLETED', reason: undefined });
    expect(lines).toEqual([
      'STARTING\n',
      'RUNNING: up to 2026-03-01T08:30:00.000Z, 25 %\n',
      'RUNNING: up to 2026-03-01T09:30:00.000Z, 75 %\n',
      'COMPLETED: up to 2026-03-01T10:00:00.000Z, 100 %\n',
    ]);
  });
});
