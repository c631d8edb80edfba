import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, jest } from '@jest/globals';
import { run } from '../../cli/arguments.ts';
import { everySource } from '../../cli/local/every-source.ts';
import { LOOPBACK } from '../../cli/local/http.ts';
import type { InboxAccess } from '../../cli/operate/quarantine/inbox-access.ts';
import { showItem } from '../../cli/operate/quarantine/show-item.ts';
import { signedSample } from '../../samples/sample.ts';
import { type AwsAnswer, type AwsCall, startAwsEndpoint } from '../support/aws-endpoint.ts';
import { runCommand, startCommand } from '../support/command.ts';
import { exchange } from '../support/http.ts';
import { startReceiver } from '../support/receiver-services.ts';

/** Clears the screen, sets a title, rings, deletes, colours by a C1 character, returns the cursor, and reorders text. */
const HOSTILE = '\u001b[2J\u001b]0;title\u0007\u007f\u009b31m\r\u202e\u2066evil';
/** How either is shown. */
const SHOWN = '\\u009b31m';

/** Everything but line ends and tabs that is a control character, or changes the direction of text. */
const UNPRINTABLE = /(?![\n\t])[\p{Cc}\p{Cf}]/u;

type Answers = Readonly<Record<string, (input: AwsCall['input']) => AwsAnswer>>;

const OUTPUTS = {
  TableName: 'events',
  BusName: 'bus',
  PayloadBucketName: 'payloads',
  ArchiveName: 'archive',
  ReceiverName: 'Receiver',
  ReceiverLogGroupName: 'log',
  OverflowQueueUrl: 'https://sqs.us-east-1.amazonaws.com/111122223333/overflow',
  OverflowDeadLetterQueueUrl: 'https://sqs.us-east-1.amazonaws.com/111122223333/dead',
  OverflowMappingId: 'overflow',
};
const hostileError = () => ({ __type: 'AccessDeniedException', message: `no ${HOSTILE}` });
const text = (S: string) => ({ S });

const EVENT = {
  id: text(`partner#${HOSTILE}`),
  source: text('partner'),
  event_id: text(HOSTILE),
  event_type: text(HOSTILE),
  received_at: text('2026-03-01T12:00:00.250Z'),
  payload: text(JSON.stringify({ text: HOSTILE })),
};

const QUARANTINED = {
  ...EVENT,
  provider: text('generic'),
  reason: text('invalid_event'),
  issues: { L: [{ M: { path: text(HOSTILE), expected: text(HOSTILE) } }] },
  headers: { M: { 'x-type': text(HOSTILE) } },
  payload_sha256: text('0f'),
  expires_at: { N: '1' },
};

const LINE = JSON.stringify({
  message: 'delivery',
  timestamp: new Date().toISOString(),
  request_id: HOSTILE,
  outcome: 'rejected',
  status: 422,
  source: HOSTILE,
  reason: HOSTILE,
  issues: [{ path: HOSTILE, expected: HOSTILE }],
  event_id: HOSTILE,
  event_type: HOSTILE,
  latency_ms: 1,
});
const LOG: Answers = {
  FilterLogEvents: () => ({ events: [{ message: LINE }] }),
  StartQuery: () => ({ queryId: 'one' }),
  GetQueryResults: () => ({ status: 'Complete', results: [[{ field: '@message', value: LINE }]] }),
};

const SHA256 = { payload_sha256: text(createHash('sha256').update(EVENT.payload.S).digest('hex')) };

const RULE = { Name: HOSTILE, Arn: HOSTILE, EventPattern: HOSTILE, State: 'ENABLED' };
const REPLAY: Answers = {
  DescribeArchive: () => ({ ArchiveName: HOSTILE, ArchiveArn: 'a', EventSourceArn: 'b', RetentionDays: 30 }),
  ListRules: () => ({ Rules: [RULE] }),
  ListTargetsByRule: () => ({ Targets: [{ Id: '1', Arn: HOSTILE }] }),
};
const window = ['--stack', 'Hooks', '--from', '2h', '--to', '1h'];

it.each<[string, string, readonly string[], Answers, Readonly<Record<string, string>>?]>([
  [
    'the id and the type of an event',
    'redeliver',
    ['partner', HOSTILE, '--dry-run'],
    { GetItem: () => ({ Item: EVENT }) },
  ],
  [
    'the ids of several events',
    'redeliver',
    ['partner', HOSTILE, 'b'],
    { GetItem: () => ({ Item: EVENT }), PutEvents: () => ({ Entries: [{}] }) },
  ],
  ['the id of a missing event', 'redeliver', ['partner', HOSTILE], { GetItem: () => ({}) }],
  [
    'the reason of the bus',
    'redeliver',
    ['partner', 'a'],
    { GetItem: () => ({ Item: EVENT }), PutEvents: () => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: HOSTILE }] }) },
  ],
  ['an error of AWS', 'redeliver', ['partner', 'a'], { GetItem: hostileError }],
  [
    'an output of the stack',
    'secret',
    ['partner'],
    { GetSecretValue: () => ({ SecretString: 'same' }) },
    { InboxName: HOSTILE },
  ],
  ['an error of AWS', 'secret', ['partner'], { GetSecretValue: () => ({}), PutSecretValue: hostileError }],
  ['a rule and its targets', 'replay', [...window, '--rule', HOSTILE, '--dry-run'], REPLAY],
  ['the names of the rules', 'replay', [...window, '--rule', 'another'], REPLAY],
  [
    'the state of a replay and its reason',
    'replay',
    ['--watch', 'one'],
    { DescribeReplay: () => ({ State: 'FAILED', StateReason: HOSTILE }) },
  ],
  ['a delivery', 'events', ['--since', '5m'], LOG],
  ['a delivery in JSON', 'events', ['--since', '5m', '--json'], LOG],
  ['an event id', 'events', [HOSTILE, '--since', '5m', '--ids'], LOG],
  [
    'an event, its payload and the rules of the bus',
    'inspect',
    ['partner', HOSTILE],
    {
      ...LOG,
      GetItem: () => ({
        Item: { ...EVENT, ...SHA256, provider: text(HOSTILE), expires_at: { N: '1' }, data: { M: {} } },
      }),
      Scan: () => ({ Items: [{ ...QUARANTINED, ...SHA256 }] }),
      ListRules: () => ({ Rules: [{ ...RULE, EventPattern: '{}' }] }),
      ListTargetsByRule: () => ({ Targets: [{ Id: '1', Arn: HOSTILE }] }),
    },
  ],
  [
    'an event that is not stored',
    'inspect',
    ['partner', HOSTILE],
    { ...LOG, GetItem: () => ({}), Scan: () => ({ Items: [] }) },
  ],
  [
    'an alarm',
    'status',
    [],
    {
      ...LOG,
      GetSecretValue: () => ({ SecretString: 'same' }),
      DescribeAlarms: () => ({ MetricAlarms: [{ AlarmName: HOSTILE, AlarmDescription: 'See docs/operations.md#x' }] }),
      GetQueueAttributes: () => ({ Attributes: {} }),
    },
  ],
  ['an item of the quarantine', 'quarantine', ['list'], { Scan: () => ({ Items: [QUARANTINED] }) }],
  ['an item of the quarantine in JSON', 'quarantine', ['list', '--json'], { Scan: () => ({ Items: [QUARANTINED] }) }],
  ['an item that cannot be shown', 'quarantine', ['show', HOSTILE], { GetItem: () => ({ Item: QUARANTINED }) }],
  ['an item that cannot be discarded', 'quarantine', ['discard', HOSTILE, '--yes'], { GetItem: hostileError }],
])(
  'no control character of %s reaches the terminal through npm run %s',
  async (_, command, args, answers, outputs = {}) => {
    const inbox = { ...OUTPUTS, QuarantineTableName: 'quarantine', ...outputs };
    await using aws = await startAwsEndpoint(inbox, answers, { partner: { provider: 'generic' } });
    await using receiver = await startReceiver(true, { overflow: 'Enabled' });
    const stack = args.includes('--stack') || args.includes('--watch') ? [] : ['--stack', 'Hooks'];
    const { stdout, stderr } = await runCommand(
      command,
      [...args, ...stack],
      { ...aws.environment, ...receiver.environment },
      'same',
    );
    expectHarmless(stdout + stderr);
  },
);

it('no control character of a response reaches the terminal through npm run send', async () => {
  const server = createServer((_, response) => response.end(HOSTILE)).listen(0, LOOPBACK);
  await once(server, 'listening');
  const url = `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`;
  const { stdout, stderr } = await runCommand('send', ['generic', '--url', url], { WEBHOOK_SECRET_GENERIC: 'secret' });
  server.close();
  expectHarmless(stdout + stderr);
});

it('no control character of an event or a header reaches the terminal through npm start', async () => {
  const environment = { PORT: '0', DYNAMODB_PORT: '0', WEBHOOK_SECRET_STRIPE: 'secret' };
  await using inbox = startCommand('start', [], environment);
  const [, url = ''] = await inbox.shows(/POST (http:\S+\/webhooks)\/generic/);
  const stripe = everySource(environment, url).get('stripe');
  if (!stripe) throw new Error('no stripe');
  const body = Buffer.from(
    JSON.stringify({ id: HOSTILE, object: 'event', type: HOSTILE, created: Math.floor(Date.now() / 1000) }),
  );
  const signed = signedSample(stripe, { key: 'secret', url: `${url}/stripe`, now: Date.now(), body });
  const headers = [...signed.headers].flatMap(([name, values]) => values.map((value) => [name, value] as const));
  expect(await exchange(`${url}/stripe`, { headers, body })).toMatchObject({ status: 200 });
  await exchange(url, { headers: [['Origin', 'http://\u009b31m.example']] });
  await inbox.shows(/processed[^\n]*evil[\s\S]*forbidden: .*example/);
  inbox.interrupt();
  const { stdout, stderr } = await inbox.ended;
  expectHarmless(stdout + stderr);
});

it('no control character of an unexpected error reaches the terminal', async () => {
  const exited = jest.spyOn(process, 'exit').mockReturnValue(undefined as never);
  const printed = jest.spyOn(console, 'error').mockReturnValue(undefined);
  await run(() => {
    throw new Error(HOSTILE, { cause: new Error(HOSTILE) });
  });
  const [[message]] = printed.mock.calls as [[string]];
  expect(exited.mock.calls).toEqual([[1]]);
  process.exitCode = undefined;
  jest.restoreAllMocks();
  expectHarmless(message);
  expect(message).toContain('printed-text.test.ts');
});

it.each([
  [true, Buffer.from('\\u001b[2J\\u009b31m\n')],
  [false, Buffer.from('\u001b[2J\u009b31m\n')],
])('npm run quarantine -- show --raw escapes a payload only on a terminal (%s)', async (isTTY, expected) => {
  const payload = '\u001b[2J\u009b31m\n';
  const item = { id: 'a', payload, payload_sha256: createHash('sha256').update(payload).digest('hex') };
  const access = { quarantine: { get: async () => item } } as unknown as InboxAccess;
  const written = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  const before = Object.getOwnPropertyDescriptor(process.stdout, 'isTTY');
  Object.defineProperty(process.stdout, 'isTTY', { value: isTTY, configurable: true });
  await showItem(access, 'a', true);
  Object.defineProperty(process.stdout, 'isTTY', before ?? { value: undefined, configurable: true });
  const chunks = written.mock.calls.map(([chunk]) => Buffer.from(chunk));
  jest.restoreAllMocks();
  expect(Buffer.concat(chunks)).toEqual(expected);
});

/** The text shows what is hostile, as escapes. */
function expectHarmless(printed: string): void {
  expect(JSON.stringify(UNPRINTABLE.exec(printed))).toBe('null');
  expect(printed).toContain(SHOWN);
}
