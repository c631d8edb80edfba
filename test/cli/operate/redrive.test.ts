import { gzipSync } from 'node:zlib';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { startEmbeddedDynamodb } from '../../../cli/local/embedded-dynamodb.ts';
import type { EventItem } from '../../../lambda/events/event-item.ts';
import { encodeMessages } from '../../../lambda/overflow-queue/overflow-message.ts';
import { type AwsAnswer, startAwsEndpoint } from '../../support/aws-endpoint.ts';
import { runCommand, startCommand } from '../../support/command.ts';
import { answersByQueue, deadLetters } from '../../support/dead-letter-queue.ts';
import { invalidEvent, validEvent } from '../../support/judgements.ts';
import { storedItem, streamRecord } from '../../support/stream.ts';
import { deadLetter, tableStream } from '../../support/table-stream.ts';

const PAYLOAD = '{"note":"not to be shown"}';
const stack = ['--stack', 'Hooks'];

const itemOf = (event_id: string, changes: Partial<EventItem> = {}) =>
  storedItem({ id: `partner#${event_id}`, event_id, payload: PAYLOAD, ...changes });

/** The forwarder's dead letter of a refused event. */
const letterOf = (event_id: string, changes: Readonly<Record<string, unknown>> = {}) =>
  JSON.stringify({ id: `partner#${event_id}`, table: 'events', reason: 'MalformedDetail', ...changes });

/** Records of new items from sequence number 100 on. */
const inserts = (...ids: readonly string[]) =>
  ids.map((id, index) => streamRecord({ item: itemOf(id), sequenceNumber: `${100 + index}` }));

interface AwsOptions {
  readonly letters: Readonly<Record<string, string>>;
  /** What DynamoDB Streams answers. */
  readonly stream?: ReturnType<typeof tableStream>;
  readonly items?: readonly EventItem[];
  /** The event that the bus fails to take, for now. */
  readonly failing?: string;
  /** The event that the bus refuses. */
  readonly refused?: string;
  /** Whether the bus refuses it without its payload too. */
  readonly isRefusedShort?: boolean;
  /** Dead letters of the overflow queue; undefined if the stack has none. */
  readonly overflowLetters?: Readonly<Record<string, string>>;
  /** Is waited for before the bus answers. */
  readonly onPut?: () => Promise<unknown>;
  readonly answers?: Readonly<Record<string, () => AwsAnswer>>;
}

const QUEUE_URL = 'https://sqs.invalid/1/DeadLetters';
const OVERFLOW_URL = 'https://sqs.invalid/1/Overflow';
const OVERFLOW_LETTERS_URL = 'https://sqs.invalid/1/OverflowDeadLetters';

/** The answer of the bus to one entry. */
function answerTo({ Detail }: { readonly Detail: string }, { failing, refused, isRefusedShort }: AwsOptions) {
  const { event_id, payload_omitted } = JSON.parse(Detail);
  if (event_id === failing) return { ErrorCode: 'InternalFailure' };
  return event_id === refused && (isRefusedShort || !payload_omitted) ? { ErrorCode: 'MalformedDetail' } : {};
}

async function startAws(options: AwsOptions) {
  const { letters, stream = {}, items = [], overflowLetters, onPut, answers = {} } = options;
  const dynamodb = await startEmbeddedDynamodb({ port: 0, tableName: 'events' });
  const documents = DynamoDBDocumentClient.from(dynamodb.client);
  for (const Item of items) await documents.send(new PutCommand({ TableName: 'events', Item }));
  const queue = deadLetters(letters);
  const overflow = deadLetters({});
  const overflowDead = deadLetters(overflowLetters ?? {});
  const aws = await startAwsEndpoint(
    {
      TableName: 'events',
      BusName: 'Hooks-bus',
      PayloadBucketName: 'payloads',
      DeadLetterQueueUrl: QUEUE_URL,
      ...(overflowLetters && { OverflowQueueUrl: OVERFLOW_URL, OverflowDeadLetterQueueUrl: OVERFLOW_LETTERS_URL }),
    },
    {
      ...answersByQueue({ [QUEUE_URL]: queue, [OVERFLOW_URL]: overflow, [OVERFLOW_LETTERS_URL]: overflowDead }),
      ...stream,
      async PutEvents({ Entries }) {
        await onPut?.();
        return {
          Entries: (Entries as readonly { readonly Detail: string }[]).map((entry) => answerTo(entry, options)),
        };
      },
      ...answers,
    },
  );
  return {
    environment: { ...aws.environment, AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint },
    queue,
    overflow,
    overflowDead,
    operations: () => aws.calls.map(({ operation }) => operation),
    entries: () => aws.calls.flatMap(({ operation, input }) => (operation === 'PutEvents' ? [input.Entries] : [])),
    put() {
      return this.entries().map(eventIdOf);
    },
    async [Symbol.asyncDispose]() {
      await aws[Symbol.asyncDispose]();
      await dynamodb.stop();
    },
  };
}

function eventIdOf(entries: unknown): string {
  const [{ Detail }] = entries as readonly [{ Detail: string }];
  return JSON.parse(Detail).event_id;
}

/** Whatever happens, no payload and no message's body is shown. */
async function runRedrive(args: readonly string[], environment: NodeJS.ProcessEnv) {
  const ended = await runCommand('redrive', [...args, ...stack], environment);
  expect(ended.stdout + ended.stderr).not.toContain('not to be shown');
  expect(ended.stderr).not.toContain('    at ');
  return ended;
}

describe('npm run redrive', () => {
  it('puts exactly the new events that dead letters name, and deletes each dead letter after its events', async () => {
    const zipped = itemOf('zipped', { payload: gzipSync(PAYLOAD), payload_encoding: 'gzip' });
    const again = itemOf('again', { received_at: '2026-03-01T12:00:00.500Z' });
    const old = itemOf('again', { received_at: '2026-01-01T00:00:00.000Z' });
    const records = [
      ...inserts('before', 'a'),
      streamRecord({ eventName: 'MODIFY', item: itemOf('edited'), old: itemOf('edited'), sequenceNumber: '102' }),
      streamRecord({ eventName: 'REMOVE', old: itemOf('expired'), sequenceNumber: '103' }),
      streamRecord({ eventName: 'MODIFY', item: again, old, sequenceNumber: '104' }),
      streamRecord({ item: zipped, sequenceNumber: '105' }),
      streamRecord({ item: itemOf('gone'), sequenceNumber: '106' }),
      streamRecord({ item: itemOf('after'), sequenceNumber: '107' }),
    ];
    await using aws = await startAws({
      letters: { first: deadLetter('101', '105'), second: deadLetter('106', '106') },
      stream: tableStream(records),
      items: [...['before', 'a', 'edited', 'after'].map((id) => itemOf(id)), again, zipped],
    });
    const { status, stdout, stderr } = await runRedrive([], aws.environment);
    expect(stderr.split('\n')).toEqual([
      '1/2 first: 3 put',
      'partner#gone: no longer in the table',
      '2/2 second: 0 put, 1 no longer in the table',
      '',
    ]);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: 'Events put on the bus: 3. Dead letters redriven: 2, left: 0.\n',
    });
    expect(aws.put()).toEqual(['a', 'again', 'zipped']);
    expect(aws.entries()[2]).toEqual([
      {
        EventBusName: 'Hooks-bus',
        Source: 'webhook-inbox.partner',
        DetailType: 'invoice.paid',
        Detail: expect.stringContaining(`"payload":${PAYLOAD}}`),
        Time: Date.parse(zipped.received_at) / 1000,
      },
    ]);
    expect(aws.queue.left()).toEqual([]);
    expect(aws.operations().filter((operation) => /^(Put|Delete)/.test(operation))).toEqual([
      ...['PutEvents', 'PutEvents', 'PutEvents', 'DeleteMessage'],
      'DeleteMessage',
    ]);

    expect(await runRedrive([], aws.environment)).toEqual({
      status: 0,
      stdout: 'The dead-letter queue is empty.\n',
      stderr: '',
    });
    expect(aws.put()).toHaveLength(3);
  });

  it('lists in a dry run the events that it would put, and changes nothing', async () => {
    await using aws = await startAws({
      letters: { first: deadLetter('100', '101'), second: deadLetter('102', '102') },
      stream: tableStream(inserts('a', 'b', 'c')),
      items: ['a', 'b', 'c'].map((id) => itemOf(id)),
    });
    const { status, stdout } = await runRedrive(['--dry-run'], aws.environment);
    expect(status).toBe(0);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^partner#a: would put webhook-inbox\.partner, invoice\.paid, received .+, \d+ bytes$/),
      expect.stringMatching(/^partner#b: would put /),
      expect.stringMatching(/^partner#c: would put /),
      'Events that would be put on the bus: 3. Dead letters that would be redriven: 2, left: 0.',
      '',
    ]);
    expect(aws.operations()).not.toContain('PutEvents');
    expect(aws.operations()).not.toContain('DeleteMessage');
    expect(aws.queue.visible()).toEqual(['first', 'second']);
  });

  it('leaves a dead letter if the bus fails to take one of its events, and redrives the others', async () => {
    await using aws = await startAws({
      letters: { first: deadLetter('100', '102'), second: deadLetter('103', '103') },
      stream: tableStream(inserts('a', 'b', 'c', 'd')),
      items: ['a', 'b', 'c', 'd'].map((id) => itemOf(id)),
      failing: 'b',
    });
    const { status, stdout, stderr } = await runRedrive([], aws.environment);
    expect(stderr.split('\n')).toEqual([
      'partner#b: failed: EventBridge refused the event: InternalFailure',
      '1/2 first: left in the queue: 1 of its 3 events failed',
      '2/2 second: 1 put',
      '',
    ]);
    expect(stdout).toBe('Events put on the bus: 3. Dead letters redriven: 1, left: 1.\n');
    expect(status).toBe(1);
    expect(aws.put()).toEqual(['a', 'b', 'c', 'd']);
    expect(aws.queue.visible()).toEqual(['first']);
  });

  it('leaves and names dead letters that it cannot read, and redrives the others', async () => {
    await using aws = await startAws({
      letters: {
        garbage: 'not to be shown',
        other: '{"note":"not to be shown"}',
        table: letterOf('a', { table: 'events2' }),
        elsewhere: deadLetter('1', '1', { streamArn: 'arn:aws:dynamodb:us-east-1:1:table/events2/stream/x' }),
        trimmed: deadLetter('99', '100'),
        shardless: deadLetter('100', '100', { shardId: 'shardId-2' }),
        cut: deadLetter('101', '105'),
        fine: deadLetter('101', '101'),
      },
      stream: tableStream(inserts('a', 'b'), '100'),
      items: [itemOf('a'), itemOf('b')],
    });
    const { status, stdout, stderr } = await runRedrive([], aws.environment);
    const trimmed = /the stream no longer has its records, .* --scan finds their events/;
    expect(stderr.split('\n')).toEqual([
      '1/8 garbage: left in the queue: it names no event and no batch of a DynamoDB stream',
      '2/8 other: left in the queue: it names no event and no batch of a DynamoDB stream',
      '3/8 table: left in the queue: it is not of the table events',
      '4/8 elsewhere: left in the queue: it is not of the table events',
      ...['5/8 trimmed', '6/8 shardless', '7/8 cut'].map((place) =>
        expect.stringMatching(`^${place}: left in the queue: ${trimmed.source}`),
      ),
      '8/8 fine: 1 put',
      '',
    ]);
    expect(stdout).toBe('Events put on the bus: 1. Dead letters redriven: 1, left: 7.\n');
    expect(status).toBe(1);
    expect(aws.put()).toEqual(['b']);
    expect(aws.queue.visible()).toEqual(['garbage', 'other', 'table', 'elsewhere', 'trimmed', 'shardless', 'cut']);
  });

  it('finds events with --scan in the table if the stream no longer has their records', async () => {
    const received = (id: string, received_at: string) => itemOf(id, { received_at, payload: PAYLOAD });
    const later = {
      approximateArrivalOfFirstRecord: '2026-03-01T13:00:00Z',
      approximateArrivalOfLastRecord: '2026-03-01T13:00:00Z',
    };
    await using aws = await startAws({
      letters: { first: deadLetter('1', '2'), second: deadLetter('4', '5'), later: deadLetter('6', '6', later) },
      stream: tableStream([]),
      items: [
        received('before', '2026-03-01T11:59:44.999Z'),
        received('slow', '2026-03-01T11:59:50.000Z'),
        received('within', '2026-03-01T12:00:00.900Z'),
        received('between', '2026-03-01T12:30:00.000Z'),
        received('later', '2026-03-01T12:59:59.900Z'),
        received('after', '2026-03-01T13:00:05.001Z'),
      ],
    });
    const dryRun = await runRedrive(['--scan', '--dry-run'], aws.environment);
    expect(dryRun.stdout).toMatch(/^partner#later: would put/m);
    expect([aws.put(), aws.queue.visible()]).toEqual([[], ['first', 'second', 'later']]);

    const { status, stdout, stderr } = await runRedrive(['--scan'], aws.environment);
    expect(stderr.split('\n')).toEqual([
      '6 items of the table scanned, 3 found',
      'first: 2 items were received when its 2 records arrived',
      '1/3 first: 2 put',
      'second: 2 items were received when its 2 records arrived',
      '2/3 second: 2 put',
      'later: 1 items were received when its 1 records arrived',
      '3/3 later: 1 put',
      '',
    ]);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: 'Events put on the bus: 3. Dead letters redriven: 3, left: 0.\n',
    });
    expect(aws.put().sort()).toEqual(['later', 'slow', 'within']);
    expect(aws.queue.left()).toEqual([]);
  });

  it('leaves a dead letter of which --scan finds too few events: others may have waited in the overflow queue', async () => {
    await using aws = await startAws({
      letters: { first: deadLetter('1', '2') },
      stream: tableStream([]),
      items: [
        itemOf('within', { received_at: '2026-03-01T12:00:00.900Z' }),
        itemOf('queued', { received_at: '2026-03-01T10:00:00.000Z' }),
      ],
    });
    const { status, stdout, stderr } = await runRedrive(['--scan'], aws.environment);
    expect(stderr).toMatch(
      /^1\/1 first: left in the queue: it has more records than items were found; .*overflow queue/m,
    );
    expect(stdout).toBe('Events put on the bus: 1. Dead letters redriven: 0, left: 1.\n');
    expect(status).toBe(1);
    expect([aws.put(), aws.queue.visible()]).toEqual([['within'], ['first']]);
  });

  it('puts the events that the forwarder named, and deletes the dead letters of those that are gone', async () => {
    await using aws = await startAws({
      letters: { first: letterOf('a'), second: letterOf('gone'), again: letterOf('a') },
      items: [itemOf('a')],
    });
    const { status, stdout, stderr } = await runRedrive([], aws.environment);
    expect(stderr.split('\n')).toEqual([
      '1/3 first: 1 put',
      'partner#gone: no longer in the table',
      '2/3 second: 0 put, 1 no longer in the table',
      '3/3 again: 1 put',
      '',
    ]);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: 'Events put on the bus: 1. Dead letters redriven: 3, left: 0.\n',
    });
    expect([aws.put(), aws.queue.left()]).toEqual([['a'], []]);
  });

  it('puts an event without its payload if the bus refuses only that', async () => {
    await using aws = await startAws({ letters: { first: letterOf('a') }, items: [itemOf('a')], refused: 'a' });
    expect(await runRedrive([], aws.environment)).toMatchObject({ status: 0, stderr: '1/1 first: 1 put\n' });
    expect(aws.entries()).toHaveLength(2);
    expect(aws.entries()[1]).toEqual([
      expect.objectContaining({ Detail: expect.stringContaining('"table":"events"') }),
    ]);
    expect(aws.queue.left()).toEqual([]);
  });

  it('gives a refused event its own dead letter, so that no other event is put again', async () => {
    await using aws = await startAws({
      letters: { batch: deadLetter('100', '102') },
      stream: tableStream(inserts('a', 'b', 'c')),
      items: ['a', 'b', 'c'].map((id) => itemOf(id)),
      refused: 'b',
      isRefusedShort: true,
    });
    const first = await runRedrive([], aws.environment);
    expect(first.stderr.split('\n')).toEqual([
      'partner#b: refused by EventBridge, with and without its payload: MalformedDetail',
      '1/1 batch: 2 put, 1 refused, each with its own dead letter now',
      '',
    ]);
    expect(first).toMatchObject({
      status: 1,
      stdout: 'Events put on the bus: 2, refused: 1. Dead letters redriven: 1, left: 0.\n',
    });
    expect(aws.queue.left()).toEqual(['sent-1']);
    expect(JSON.parse(aws.queue.bodyOf('sent-1') ?? '')).toEqual(JSON.parse(letterOf('b')));

    const second = await runRedrive([], aws.environment);
    expect(second.stderr).toContain('1/1 sent-1: left in the queue: its event is refused; --drop gives it up\n');
    expect(second.status).toBe(1);
    expect(aws.put().filter((id) => id !== 'b')).toEqual(['a', 'c']);
    expect(aws.queue.visible()).toEqual(['sent-1']);
  });

  it('leaves a dead letter of a refused event that cannot get its own', async () => {
    await using aws = await startAws({
      letters: { batch: deadLetter('100', '101') },
      stream: tableStream(inserts('a', 'b')),
      items: ['a', 'b'].map((id) => itemOf(id)),
      refused: 'b',
      isRefusedShort: true,
      answers: { SendMessage: () => ({ __type: 'AccessDeniedException', message: 'not authorized' }) },
    });
    const { status, stderr } = await runRedrive([], aws.environment);
    expect(stderr).toMatch(/1\/1 batch: left in the queue: Could not redrive it\. Access denied: not authorized/);
    expect(status).toBe(1);
    expect(aws.queue.visible()).toEqual(['batch']);
  });

  it('prints no control character of an id, a type or a reason', async () => {
    const id = 'evil\u001b[2J\u202e\r\nfake: 1 put';
    const letter = { id: `partner#${id}`, reason: 'odd\u001b[0m' };
    await using aws = await startAws({
      letters: { first: letterOf(id), dropped: letterOf('b', letter) },
      items: [itemOf(id, { event_type: 'odd\u001b]0;title\u0007' })],
    });
    const dryRun = await runRedrive(['--dry-run'], aws.environment);
    const drop = await runRedrive(['--drop', 'dropped', '--dry-run'], aws.environment);
    expect(dryRun.stdout).toContain(
      'partner#evil\\u001b[2J\\u202e fake: 1 put: would put webhook-inbox.partner, odd\\u001b]0;',
    );
    expect(drop.stdout).toContain('odd\\u001b[0m');
    expect([dryRun, drop].map(({ stdout, stderr }) => stdout + stderr).join('')).not.toMatch(/(?!\n)[\p{C}]/u);
  });

  it('stops after the current dead letter when it is interrupted, and returns the others to the queue', async () => {
    await using aws = await startAws({
      letters: { first: deadLetter('100', '100'), second: deadLetter('101', '101') },
      stream: tableStream(inserts('a', 'b')),
      items: [itemOf('a'), itemOf('b')],
      onPut() {
        command.interrupt();
        return command.shows(/^Interrupted/, 'stderr');
      },
    });
    await using command = startCommand('redrive', stack, aws.environment);
    const { status, stderr } = await command.ended;
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: [
        'Interrupted: stopping after the current dead letter.\n',
        '1/2 first: 1 put\n',
        '2/2 second: left in the queue: interrupted\n',
      ].join(''),
    });
    expect(aws.put()).toEqual(['a']);
    expect(aws.queue.visible()).toEqual(['second']);
  });

  it('reports that another redrive holds the dead letters', async () => {
    await using aws = await startAws({ letters: { first: deadLetter('1', '1') } });
    aws.queue.answers.ReceiveMessage?.({});
    expect(await runRedrive([], aws.environment)).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(
        /^Another redrive, running or interrupted, holds about 1 dead letters\. .* within 5 minutes\.\n$/,
      ),
    });
  });

  it.each([
    ['an argument', ['partner'], {}, /^This command takes options only/],
    [
      'a queue that may not be read',
      [],
      { answers: { ReceiveMessage: () => ({ __type: 'AccessDeniedException', message: 'not authorized' }) } },
      /^Could not receive the dead letters\. Access denied: not authorized/,
    ],
  ])('refuses %s, and prints the reason', async (_, args, options, message) => {
    await using aws = await startAws({ letters: {}, ...options });
    const { status, stdout, stderr } = await runRedrive(args, aws.environment);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it('prints its help', async () => {
    const { status, stdout } = await runRedrive(['--help'], {});
    expect(status).toBe(0);
    expect(stdout).toContain('npm run redrive -- [--stack NAME] [--inbox NAME] [--dry-run] [--scan]');
  });
});

describe('npm run redrive -- --drop', () => {
  const letters = {
    first: letterOf('a'),
    garbage: 'not to be shown',
    batch: deadLetter('1', '3'),
    last: letterOf('b'),
  };
  const drop = ['--drop', 'garbage', '--drop', 'batch', '--drop', 'first'];
  const listing = [
    'first: partner#a of the table events, refused: MalformedDetail',
    'garbage: a message that names no event and no batch of a DynamoDB stream',
    'batch: 3 records of the stream, which arrived from 2026-03-01T12:00:00.000Z to 2026-03-01T12:00:01.000Z',
  ];

  it('lists the dead letters, then deletes these and no others', async () => {
    await using aws = await startAws({ letters });
    const { status, stdout, stderr } = await runRedrive([...drop, '--yes'], aws.environment);
    expect(stdout.split('\n')).toEqual([...listing, 'Dead letters dropped: 3, not found: 0.', '']);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(aws.queue.visible()).toEqual(['last']);
    expect(aws.operations()).not.toContain('PutEvents');
  });

  it('only lists them in a dry run', async () => {
    await using aws = await startAws({ letters });
    const { status, stdout } = await runRedrive([...drop, '--dry-run'], aws.environment);
    expect(stdout.split('\n')).toEqual([...listing, 'Dead letters that would be dropped: 3, not found: 0.', '']);
    expect(status).toBe(0);
    expect(aws.queue.visible()).toEqual(Object.keys(letters));
  });

  it('deletes nothing without --yes where nobody can confirm it', async () => {
    await using aws = await startAws({ letters });
    const { status, stdout, stderr } = await runRedrive(drop, aws.environment);
    expect(stdout.split('\n')).toEqual([...listing, '']);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'Nothing was dropped. What is dropped cannot be restored: confirm it with --yes.\n',
    });
    expect(aws.queue.visible()).toEqual(Object.keys(letters));
  });

  it('reports messages that it does not find', async () => {
    await using aws = await startAws({ letters });
    const { status, stdout } = await runRedrive(['--drop', 'other', '--drop', 'last', '--yes'], aws.environment);
    expect(stdout).toContain('Dead letters dropped: 1, not found: 1.\n');
    expect(status).toBe(1);
    expect(aws.queue.visible()).toEqual(['first', 'garbage', 'batch']);
  });

  it('drops dead letters of the overflow queue too', async () => {
    const events = [validEvent({ id: 'evt_1\u001b[2J', payload: Buffer.from(PAYLOAD) }), invalidEvent()];
    const [stuck = ''] = encodeMessages(events) ?? [];
    await using aws = await startAws({ letters, overflowLetters: { stuck, other: 'x' } });
    const { status, stdout } = await runRedrive(['--drop', 'stuck', '--yes'], aws.environment);
    expect(stdout.split('\n')).toEqual([
      'stuck: acknowledged events, which may be stored nowhere else: partner#evt_1\\u001b[2J, partner# (not_utf8)',
      'Dead letters dropped: 1, not found: 0.',
      '',
    ]);
    expect(status).toBe(0);
    expect([aws.overflowDead.visible(), aws.overflow.left()]).toEqual([['other'], []]);
    expect(aws.queue.visible()).toEqual(Object.keys(letters));
  });
});

describe('npm run redrive of an inbox with an overflow queue', () => {
  const overflowLetters = Object.fromEntries(['1', '2', '3', '4', '5'].map((id) => [id, `not to be shown ${id}`]));

  it("moves every message of the overflow's dead-letter queue back to the overflow queue", async () => {
    await using aws = await startAws({ letters: { first: letterOf('a') }, items: [itemOf('a')], overflowLetters });
    const { status, stdout } = await runRedrive([], aws.environment);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout:
        'Messages moved to the overflow queue: 5.\nEvents put on the bus: 1. Dead letters redriven: 1, left: 0.\n',
    });
    expect(aws.overflow.left().map(aws.overflow.bodyOf)).toEqual(Object.values(overflowLetters));
    expect(aws.overflowDead.left()).toEqual([]);
  });

  it('only lists them in a dry run', async () => {
    const [stuck = ''] = encodeMessages([validEvent({ payload: Buffer.from(PAYLOAD) })]) ?? [];
    await using aws = await startAws({ letters: {}, overflowLetters: { stuck, odd: 'not to be shown' } });
    const { status, stdout } = await runRedrive(['--dry-run'], aws.environment);
    expect(stdout.split('\n')).toEqual([
      'stuck: would move acknowledged events, which may be stored nowhere else: partner#evt_1',
      'odd: would move a message that names no event and no batch of a DynamoDB stream',
      'Messages that would be moved to the overflow queue: 2.',
      'The dead-letter queue is empty.',
      '',
    ]);
    expect(status).toBe(0);
    expect([aws.overflow.left(), aws.overflowDead.visible()]).toEqual([[], ['stuck', 'odd']]);
  });

  it('leaves what cannot be moved, and still forwards events', async () => {
    await using aws = await startAws({
      letters: { first: letterOf('a') },
      items: [itemOf('a')],
      overflowLetters,
      answers: { SendMessage: () => ({ __type: 'AccessDeniedException', message: 'not authorized' }) },
    });
    const { status, stdout, stderr } = await runRedrive([], aws.environment);
    expect(stderr).toMatch(/^Could not move a message to the overflow queue\. Access denied: not authorized\n/);
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: 'Events put on the bus: 1. Dead letters redriven: 1, left: 0.\n',
    });
    expect(aws.overflowDead.visible()).toEqual(Object.keys(overflowLetters));
  });
});
