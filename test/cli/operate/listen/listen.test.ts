import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { handlerQueue } from '../../../../cli/forwarding/handler-queue.ts';
import { sendToHandler } from '../../../../cli/forwarding/send-to-handler.ts';
import { forwardStored } from '../../../../cli/operate/listen/forward-stored.ts';
import { listenMark } from '../../../../cli/operate/listen/listen-mark.ts';
import { listenStart } from '../../../../cli/operate/listen/listen-start.ts';
import { storedSince } from '../../../../cli/operate/listen/stored-since.ts';
import { positionSince, type StreamPosition } from '../../../../cli/operate/listen/stream-position.ts';
import { tableStream } from '../../../../cli/operate/listen/table-stream.ts';
import type { EventItem } from '../../../../lambda/events/event-item.ts';
import { type AwsEndpoint, startAwsEndpoint } from '../../../support/aws-endpoint.ts';
import { runCommand, startCommand } from '../../../support/command.ts';
import {
  FIRST_SHARD,
  GROWING_STREAM_ARN,
  type GrowingStream,
  growingStream,
  itemOf,
} from '../../../support/growing-stream.ts';
import { type Handler, startHandler } from '../../../support/handler.ts';
import { startReceiver } from '../../../support/receiver-services.ts';

const NOW = Date.parse('2026-03-01T12:00:00.250Z');
const HOUR_MS = 3_600_000;

let folder: string;
let stream: GrowingStream;
let aws: AwsEndpoint;
let handler: Handler;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'listen-'));
  stream = growingStream();
  aws = await startAwsEndpoint({ TableName: 'events' }, stream.answers);
  handler = await startHandler();
});
afterEach(async () => {
  await handler[Symbol.asyncDispose]();
  await aws[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

let stored = 0;
const store = (eventId: string, shardId?: string) => {
  stored += 1;
  const item = itemOf('partner', 'generic', eventId, '{}');
  stream.store({ ...item, received_at: new Date(NOW + stored).toISOString() }, shardId);
};

function clients() {
  const config = {
    endpoint: aws.environment.AWS_ENDPOINT_URL ?? '',
    region: 'us-east-1',
    maxAttempts: 1,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  };
  return { streams: new DynamoDBStreamsClient(config), dynamodb: new DynamoDBClient(config) };
}

/** What a session does after it has read the stream, and sent what it found. It ends if there is nothing more to do. */
type Step = () => void;

interface Session {
  readonly steps?: readonly Step[];
  readonly start?: StreamPosition;
  readonly earlier?: AsyncIterable<EventItem>;
  readonly handlerUrl?: string;
}

const mark = () => listenMark({ inboxName: 'Hooks/Inbox', streamArn: GROWING_STREAM_ARN, url: 'http://x' }, folder);

/** Forwards from the mark on, or from now on; after each reading comes a step. Returns the errors that were reported. */
async function session({ steps = [], start, earlier, handlerUrl = handler.url }: Session): Promise<readonly string[]> {
  const { streams, dynamodb } = clients();
  const position = start ?? mark().read();
  const ended = new AbortController();
  const errors: string[] = [];
  const queue = handlerQueue({
    send: sendToHandler,
    report: ({ outcome }) => outcome === 'unreachable' && ended.abort(),
  });
  const rest = [...steps];
  await forwardStored({
    stream: tableStream(streams, {
      streamArn: GROWING_STREAM_ARN,
      position: position ?? positionSince(Date.now(), Date.now()),
      isFresh: position === undefined,
      clock: Date.now,
    }),
    earlier,
    queue,
    mark: mark(),
    signal: ended.signal,
    failed: (error) => errors.push((error as Error).name),
    toRequest: ({ source, event_id }) => ({
      source,
      description: event_id,
      make: () => ({
        method: 'POST',
        url: handlerUrl,
        query: new URLSearchParams(),
        headers: new Map(),
        body: Buffer.from(event_id),
      }),
    }),
    async wait() {
      await Promise.race([queue.drained(), new Promise((resolve) => ended.signal.addEventListener('abort', resolve))]);
      const step = rest.shift();
      if (step) step();
      else ended.abort();
    },
  });
  streams.destroy();
  dynamodb.destroy();
  return errors;
}

const got = () => handler.requests.map(({ body }) => String(body));

describe('forwarding from the stream of a table', () => {
  it('begins with the next event, and forwards all in their order', async () => {
    store('before');
    await session({
      steps: [() => ['1', '2', '3', '4', '5'].map((id) => store(id)), () => undefined, () => undefined],
    });
    expect(got()).toEqual(['1', '2', '3', '4', '5']);
  });

  it('begins with what was stored while it was off', async () => {
    await session({ steps: [() => store('1')] });
    store('2');
    store('3');
    await session({ steps: [() => store('4')] });
    await session({});
    expect(got()).toEqual(['1', '2', '3', '4']);
  });

  it('also forwards what was stored in shards that it does not know', async () => {
    await session({ steps: [() => store('1')] });
    store('2');
    const [one, other] = stream.split(FIRST_SHARD);
    store('3', one);
    store('4', other);
    await session({ steps: [() => undefined, () => undefined] });
    expect(got()).toEqual(['1', '2', '3', '4']);
  });

  it('follows a shard that is closed while it is read', async () => {
    let shards: readonly string[] = [];
    const split = () => {
      store('1');
      shards = stream.split(FIRST_SHARD);
      store('2', shards[0]);
    };
    await session({ steps: [split, () => undefined, () => store('3', shards[1]), () => undefined] });
    expect(got()).toEqual(['1', '2', '3']);
  });

  it('sends again what the handler has not taken, and not what it has', async () => {
    await session({ steps: [() => store('1')] });
    store('2');
    store('3');
    const gone = await startHandler();
    await gone[Symbol.asyncDispose]();
    await session({ handlerUrl: gone.url });
    expect(got()).toEqual(['1']);
    await session({});
    expect(got()).toEqual(['1', '2', '3']);
  });

  it('goes on after an error, and after its iterators have expired', async () => {
    const errors = await session({
      steps: [
        () => stream.fail('LimitExceededException'),
        () => {
          stream.expireIterators();
          store('1');
        },
        () => undefined,
        () => {
          stream.expireIterators();
          store('2');
        },
        () => undefined,
      ],
    });
    expect(errors).toEqual(['LimitExceededException']);
    expect(got()).toEqual(['1', '2']);
  });

  it('ends if the stream cannot be read at all', async () => {
    stream.fail('AccessDeniedException');
    await expect(session({})).rejects.toThrow(/not now/);
  });

  it('reads the rest of a shard whose marked record the stream no longer has', async () => {
    await session({ steps: [() => store('1')] });
    stream.trim();
    store('2');
    await session({});
    expect(got()).toEqual(['1', '2']);
  });

  it('forwards what a scan of the table finds first, and not again what the stream has, too', async () => {
    store('1');
    stream.trim();
    store('2');
    const { dynamodb } = clients();
    const earlier = storedSince(DynamoDBDocumentClient.from(dynamodb), 'events', NOW - HOUR_MS);
    await session({ start: positionSince(0, Date.now()), earlier, steps: [() => store('3')] });
    expect(got()).toEqual(['1', '2', '3']);
    await session({ steps: [() => store('4')] });
    expect(got()).toEqual(['1', '2', '3', '4']);
  });

  it('keeps the mark as it was if a scan does not end', async () => {
    await session({});
    const before = mark().read();
    async function* broken(): AsyncGenerator<EventItem> {
      yield itemOf('partner', 'generic', '1', '{}');
      throw new Error('no scan');
    }
    await expect(session({ earlier: broken() })).rejects.toThrow('no scan');
    expect(mark().read()).toEqual(before);
  });
});

describe('the beginning', () => {
  const position = (readAt: number): StreamPosition => ({ since: readAt - HOUR_MS, readAt, shards: { one: '7' } });
  const options = { isScan: false, now: NOW };

  it('is now, the first time', () => {
    expect(listenStart(options)).toMatchObject({ isFresh: true, position: { since: NOW, shards: {} } });
  });

  it('is the mark, if the stream still has all since then', () => {
    const mark = position(NOW - 23 * HOUR_MS);
    expect(listenStart({ ...options, mark })).toMatchObject({ isFresh: false, position: mark });
  });

  it('is the time that is given, in place of the mark', () => {
    const start = listenStart({ ...options, mark: position(NOW - HOUR_MS), since: '2h' });
    expect(start).toMatchObject({ isFresh: false, position: { since: NOW - 2 * HOUR_MS, shards: {} } });
  });

  it.each([
    ['a mark', { mark: position(NOW - 24 * HOUR_MS) }],
    ['a time', { since: '1d' }],
    ['a day, as other commands take it', { since: 'yesterday' }],
  ])('needs a scan for %s that the stream no longer reaches', (_, given) => {
    expect(() => listenStart({ ...options, ...given })).toThrow(/^The table's stream keeps 24 hours, .*--scan/);
    const start = listenStart({ ...options, ...given, isScan: true });
    expect(start.scanFrom).toBeLessThan(NOW - 24 * HOUR_MS);
    expect(start.position.since).toBeLessThan(NOW);
  });

  it('is not in the future', () => {
    expect(() => listenStart({ ...options, since: '2026-03-02T00:00Z' })).toThrow(/is in the future/);
  });
});

describe('npm run listen', () => {
  const sources = { partner: { provider: 'generic' }, eu: { provider: 'stripe' } };

  async function startDeployed() {
    const receiver = await startReceiver();
    const outputs = { TableName: 'events', ReceiverName: 'Receiver', PayloadBucketName: 'payloads' };
    const deployed = await startAwsEndpoint(outputs, stream.answers, sources);
    return {
      environment: {
        ...deployed.environment,
        ...receiver.environment,
        WEBHOOK_SECRET_EU: 'whsec_local',
        WEBHOOK_SECRET_PARTNER: 'local',
      },
      async [Symbol.asyncDispose]() {
        await deployed[Symbol.asyncDispose]();
        await receiver[Symbol.asyncDispose]();
      },
    };
  }

  it('forwards deliveries that are signed with the secret of this machine, and stops at Ctrl-C', async () => {
    await using deployed = await startDeployed();
    const args = ['--forward-to', `${handler.url}/{source}`, '--stack', 'Hooks', '--reset', 'eu'];
    await using command = startCommand('listen', args, deployed.environment);
    await command.shows(/eu +secret: from WEBHOOK_SECRET_EU\nIt begins now\.\n/);
    await stream.firstReading;
    stream.store(itemOf('partner', 'generic', 'other', '{}'));
    stream.store(itemOf('eu', 'stripe', 'evt_1', '{"id":"evt_1","type":"invoice.paid"}'));
    const [request] = await handler.got(1);
    expect(request).toMatchObject({ method: 'POST', url: '/eu' });
    expect(String(request?.body)).toBe('{"id":"evt_1","type":"invoice.paid"}');
    expect(request?.headers['stripe-signature']).toMatch(/^t=\d+,v1=[0-9a-f]{64}$/);
    await command.shows(/→ eu evt_1: 200/);
    command.interrupt();
    const ended = await command.ended;
    expect(ended).toMatchObject({ status: 130, stderr: '', stdout: expect.stringMatching(/Stopped\.\n$/) });
    expect(ended.stdout).not.toContain('whsec_local');
    const url = `${handler.url}/{source}`;
    const left = listenMark({ inboxName: 'Hooks/Inbox', streamArn: GROWING_STREAM_ARN, url });
    expect(left.read()).toMatchObject({ shards: { [FIRST_SHARD]: '2' } });
    left.remove();
  });

  it.each([
    ['no handler', ['--stack', 'Hooks'], /^Name the handler: --forward-to URL\./],
    [
      'an unknown source',
      ['--forward-to', 'http://127.0.0.1:1', '--stack', 'Hooks', 'us'],
      /^Unknown source "us"\. The sources are: partner, eu\.\n$/,
    ],
    [
      'a time that is none',
      ['--forward-to', 'http://127.0.0.1:1', '--stack', 'Hooks', '--since', 'noon'],
      /^--since "noon" is not a time\./,
    ],
  ])('refuses %s', async (_, args, message) => {
    await using deployed = await startDeployed();
    const { status, stderr } = await runCommand('listen', args, deployed.environment);
    expect({ status, stderr }).toEqual({ status: 1, stderr: expect.stringMatching(message) });
  });

  it.each([
    ['has none', { Table: {} }],
    ['may not be described, as by an operator', { __type: 'AccessDeniedException', message: 'no DescribeTable' }],
  ])('says that the inbox has no stream if its table %s', async (_, answer) => {
    await using deployed = await startAwsEndpoint({ TableName: 'events' }, { DescribeTable: () => answer });
    const args = ['--forward-to', 'http://127.0.0.1:1', '--stack', 'Hooks'];
    const { stderr } = await runCommand('listen', args, deployed.environment);
    expect(stderr).toBe('The table events has no stream: the inbox was deployed without forwarding.\n');
  });
});

describe('the mark', () => {
  it('is a file that only its owner reads, which holds no secret', () => {
    mark().write(positionSince(1, 2));
    const name = readdirSync(folder).find((each) => each.endsWith('.json')) ?? '';
    expect(JSON.parse(readFileSync(join(folder, name), 'utf8'))).toEqual({
      inboxName: 'Hooks/Inbox',
      url: 'http://x',
      since: 1,
      readAt: 2,
      shards: {},
    });
    mark().remove();
    expect(mark().read()).toBeUndefined();
  });
});
