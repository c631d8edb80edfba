import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { startEmbeddedDynamodb } from '../../../cli/local/embedded-dynamodb.ts';
import { toItem } from '../../../lambda/events/event-item.ts';
import { startAwsEndpoint } from '../../support/aws-endpoint.ts';
import { runCommand, startCommand } from '../../support/command.ts';
import { deliveryLineAt, PROCESSED, REJECTED } from '../../support/delivery-lines.ts';

const NOW = Date.now();
const stack = ['--stack', 'Hooks'];
const window = [...stack, '--since', '10m'];

/** An event that was stored so many seconds ago. */
interface Stored {
  readonly id: string;
  readonly secondsAgo: number;
  readonly type?: string;
  readonly source?: string;
}

const EVENTS: readonly Stored[] = [
  { id: 'third', secondsAgo: 10 },
  { id: 'first', secondsAgo: 300 },
  { id: 'second', secondsAgo: 200, type: 'invoice.paid' },
];

async function startInbox(
  events: readonly Stored[],
  { refuses = (_id: string): boolean => false, lines = events.map(lineOf) } = {},
) {
  const dynamodb = await startEmbeddedDynamodb({ port: 0, tableName: 'events' });
  const documents = DynamoDBDocumentClient.from(dynamodb.client, { marshallOptions: { removeUndefinedValues: true } });
  for (const event of events) await documents.send(new PutCommand({ TableName: 'events', Item: itemOf(event) }));
  const put: string[] = [];
  const aws = await startAwsEndpoint(
    {
      TableName: 'events',
      QuarantineTableName: 'quarantine',
      BusName: 'Hooks-bus',
      PayloadBucketName: 'payloads',
      ReceiverLogGroupName: 'log',
    },
    {
      FilterLogEvents: () => ({ events: lines.map((message) => ({ message })) }),
      PutEvents: ({ Entries }) => {
        const [{ Detail }] = Entries as [{ Detail: string }];
        const id = JSON.parse(Detail).event_id;
        if (refuses(id)) return { FailedEntryCount: 1, Entries: [{ ErrorCode: 'InternalFailure' }] };
        put.push(id);
        return { FailedEntryCount: 0, Entries: [{}] };
      },
    },
  );
  return {
    environment: { ...aws.environment, AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint },
    put,
    async [Symbol.asyncDispose]() {
      await aws[Symbol.asyncDispose]();
      await dynamodb.stop();
    },
  };
}

function lineOf({ id, secondsAgo, type = 'order.created', source = 'partner' }: Stored): string {
  const events = [{ status: 'processed', eventId: id, eventType: type }] as const;
  return deliveryLineAt(NOW - secondsAgo * 1_000, {
    ...PROCESSED,
    source,
    requestId: id,
    eventId: id,
    eventType: type,
    events,
  });
}

function itemOf({ id, secondsAgo, type = 'order.created', source = 'partner' }: Stored) {
  const { item } = toItem({
    source,
    provider: 'generic',
    id,
    type,
    occurredAt: undefined,
    signedAt: undefined,
    receivedAt: NOW - secondsAgo * 1_000,
    lifeSeconds: 1_000,
    immutable: true,
    data: {},
    headers: {},
    payload: Buffer.from('{}'),
  });
  return item;
}

const redeliver = (args: readonly string[], environment: NodeJS.ProcessEnv) =>
  runCommand('redeliver', args, environment);

/** The file that the command names, to resume from it. */
const fileIn = (stderr: string) => /--resume (\S+)/.exec(stderr)?.[1] ?? '';

describe('redeliver --from', () => {
  it('puts the events that were stored in the window on the bus, in the order of their receipt', async () => {
    await using inbox = await startInbox(EVENTS, { lines: [...EVENTS.map(lineOf), deliveryLineAt(NOW, REJECTED)] });
    const { stdout, stderr, status } = await redeliver(['partner', ...window], inbox.environment);
    expect(inbox.put).toEqual(['first', 'second', 'third']);
    expect(stdout).toBe('3 put on the bus, 0 failed\n');
    expect(stderr).not.toContain('--resume');
    expect(status).toBe(0);
  });

  it('puts those of the types alone, and takes the source as an option too', async () => {
    await using inbox = await startInbox(EVENTS);
    await redeliver(['--source', 'partner', '--type', 'invoice.*', ...window], inbox.environment);
    expect(inbox.put).toEqual(['second']);
  });

  it('--dry-run lists them, and puts nothing', async () => {
    await using inbox = await startInbox(EVENTS);
    const { stdout } = await redeliver(['partner', '--dry-run', ...window], inbox.environment);
    expect(stdout).toMatch(/^partner#first: would put webhook-inbox\.partner, order\.created, received /);
    expect(stdout).toMatch(/3 would be put on the bus, 0 failed\n$/);
    expect(inbox.put).toEqual([]);
  });

  it('says that there are none', async () => {
    await using inbox = await startInbox([]);
    const { stdout, status } = await redeliver(['partner', ...window], inbox.environment);
    expect([stdout, status]).toEqual(['No event of partner was stored in that window.\n', 0]);
  });

  it('--scan finds them in the table: in the window, of the source and of the types', async () => {
    const others = [
      { id: 'early', secondsAgo: 900 },
      { id: 'shop', secondsAgo: 100, source: 'shop' },
    ];
    await using inbox = await startInbox([...EVENTS, ...others], { lines: [] });
    const { stdout } = await redeliver(['partner', '--scan', '--type', 'order.*', ...window], inbox.environment);
    expect(inbox.put).toEqual(['first', 'third']);
    expect(stdout).toBe('2 put on the bus, 0 failed\n');
  });

  it('puts nothing if the log does not list all events of a body, and names --scan', async () => {
    const events = Array.from({ length: 101 }, (_, index) => ({ status: 'processed', eventId: `${index}` }) as const);
    const lines = [deliveryLineAt(NOW, { ...PROCESSED, eventId: undefined, events })];
    await using inbox = await startInbox(EVENTS, { lines });
    const { stderr, status } = await redeliver(['partner', ...window], inbox.environment);
    expect(stderr).toContain('Give --scan to find all of them in the table');
    expect(status).toBe(1);
    expect(inbox.put).toEqual([]);
  });

  it('that failed for some can be resumed for these alone', async () => {
    let isDown = true;
    await using inbox = await startInbox(EVENTS, { refuses: (id) => isDown && id === 'second' });
    const failed = await redeliver(['partner', ...window], inbox.environment);
    expect(failed.stdout).toBe('2 put on the bus, 1 failed\n');
    expect(failed.stderr).toContain('partner#second: failed: ');
    expect(failed.status).toBe(1);
    isDown = false;
    const file = fileIn(failed.stderr);
    const resumed = await redeliver(['--resume', file], inbox.environment);
    expect(resumed).toMatchObject({ stdout: '1 put on the bus, 0 failed\n', status: 0 });
    expect(inbox.put).toEqual(['first', 'third', 'second']);
    // Nothing is left, so that nothing can be put twice.
    expect((await redeliver(['--resume', file], inbox.environment)).stderr).toContain('no such file or directory');
  });

  it('is slow with --rate, and after Ctrl-C the rest can be resumed', async () => {
    await using inbox = await startInbox(EVENTS);
    await using command = startCommand('redeliver', ['partner', '--rate', '1/s', ...window], inbox.environment);
    await command.shows(/1 of 3 events/, 'stderr');
    command.interrupt();
    const { stdout, stderr, status } = await command.ended;
    expect(stdout).toBe('1 put on the bus, 0 failed, 2 left\n');
    expect(status).toBe(130);
    await redeliver(['--resume', fileIn(stderr)], inbox.environment);
    expect(inbox.put).toEqual(['first', 'second', 'third']);
  });

  it('does not resume from another file', async () => {
    const { stderr, status } = await redeliver(['--resume', 'package.json'], {});
    expect([stderr, status]).toEqual(['package.json is no file of a redelivery.\n', 1]);
  });
});
