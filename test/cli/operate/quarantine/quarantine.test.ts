import { createHash } from 'node:crypto';
import { GetCommand, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { startEmbeddedDynamodb } from '../../../../cli/local/embedded-dynamodb.ts';
import { documentClient } from '../../../../lambda/aws/document-client.ts';
import type { EventItem } from '../../../../lambda/events/event-item.ts';
import { decodePayload } from '../../../../lambda/payloads/decode-payload.ts';
import {
  type InvalidEvent,
  type QuarantineItem,
  toQuarantineItem,
} from '../../../../lambda/quarantine/quarantine-item.ts';
import type { SourceConfigs } from '../../../../lambda/receiver/config.ts';
import { startAwsEndpoint } from '../../../support/aws-endpoint.ts';
import { runCommand } from '../../../support/command.ts';
import { incompressibleText } from '../../../support/generic-event.ts';
import { RECEIVER_VARIABLES, startReceiverServices } from '../../../support/receiver-services.ts';

const DAY_SECONDS = 24 * 3600;
const RECEIVED_AT = '2026-03-01T12:00:00.250Z';
const FORM_TYPE = 'application/x-www-form-urlencoded';

const SOURCES: SourceConfigs = {
  partner: { provider: 'generic', onInvalid: 'quarantine', retentionSeconds: 2 * DAY_SECONDS },
  code: { provider: 'github' },
  users: { provider: 'okta' },
};

const OUTPUTS = {
  TableName: 'events',
  QuarantineTableName: 'quarantine',
  PayloadBucketName: 'payloads',
  ReceiverName: 'Receiver',
};

interface InboxOptions {
  readonly quarantined?: readonly InvalidEvent[];
  readonly outputs?: Readonly<Record<string, string>>;
  /** The receiver's environment; undefined if it may not be read. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  readonly onRead?: () => Promise<unknown>;
}

/** A deployed inbox: two tables, a payload bucket, the receiver's configuration, and the outputs of the stack. */
async function startInbox({ quarantined = [], outputs = OUTPUTS, ...options }: InboxOptions = {}) {
  const dynamodb = await startEmbeddedDynamodb({ port: 0, tableName: 'events', quarantineTableName: 'quarantine' });
  const documents = documentClient(dynamodb.client);
  const variables = 'variables' in options ? options.variables : RECEIVER_VARIABLES;
  const { onRead } = options;
  const services = await startReceiverServices({ bucketName: 'payloads', functionName: 'Receiver', variables, onRead });
  const aws = await startAwsEndpoint(outputs, {}, SOURCES);
  const put = (TableName: string, Item: object) => documents.send(new PutCommand({ TableName, Item }));
  for (const { item, object } of quarantined.map((each) => toQuarantineItem(each))) {
    if (object) services.objects.set(object.key, object.bytes);
    await put('quarantine', item);
  }
  const environment = {
    ...aws.environment,
    ...services.environment,
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb.endpoint,
  };
  const itemsOf = async (TableName: string) => (await documents.send(new ScanCommand({ TableName }))).Items ?? [];
  return {
    objects: services.objects,
    put,
    run: (args: readonly string[], input?: string) => runQuarantine(args, environment, input),
    event: async (id: string) =>
      (await documents.send(new GetCommand({ TableName: 'events', Key: { id } }))).Item as EventItem | undefined,
    events: async () => (await itemsOf('events')) as EventItem[],
    quarantined: async () => (await itemsOf('quarantine')) as QuarantineItem[],
    async [Symbol.asyncDispose]() {
      await aws[Symbol.asyncDispose]();
      await services[Symbol.asyncDispose]();
      await dynamodb.stop();
    },
  };
}

async function runQuarantine(args: readonly string[], environment: NodeJS.ProcessEnv, input?: string) {
  const ended = await runCommand('quarantine', [...args, '--stack', 'Hooks'], environment, input);
  expect(ended.stderr).not.toContain('    at ');
  return ended;
}

/** A quarantined body of the source partner. */
function invalidEvent(changes: Partial<InvalidEvent> & { readonly body?: string } = {}): InvalidEvent {
  const { body = '{"event_id":"evt_1"}', ...rest } = changes;
  return {
    source: 'partner',
    provider: 'generic',
    reason: 'invalid_event',
    issues: [{ path: 'user_id', expected: 'string of 1 to 64 characters' }],
    receivedAt: Date.parse(RECEIVED_AT),
    headers: { 'content-type': 'application/json' },
    payload: Buffer.from(body),
    ...rest,
  };
}

/** The largest number from `low` up to `high` for which something is true. */
function largest(isTrue: (value: number) => boolean, low: number, high: number): number {
  if (high - low <= 1) return low;
  const middle = Math.floor((low + high) / 2);
  return isTrue(middle) ? largest(isTrue, middle, high) : largest(isTrue, low, middle);
}

const nowSeconds = () => Math.floor(Date.now() / 1000);

/** The JSON of a valid event of the generic provider. */
const genericJson = (fields: object = {}) =>
  JSON.stringify({ event_id: 'evt_1', user_id: 'user_42', action: 'a', timestamp: nowSeconds(), ...fields });

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const idOf = ({ source, payload }: InvalidEvent) => `${source}#${sha256(payload.toString())}`;

describe('npm run quarantine -- list', () => {
  it('prints the items, the newest first, with ids to paste, and how many there are', async () => {
    const old = invalidEvent({ eventId: 'evt_1' });
    const form = { source: 'code', provider: 'github', reason: 'not_form', issues: [] } as const;
    const recent = invalidEvent({ ...form, body: 'a=b', receivedAt: Date.parse('2026-03-02T00:00:00Z') });
    await using inbox = await startInbox({ quarantined: [old, recent] });
    expect(await inbox.run(['list'])).toEqual({
      status: 0,
      stdout: [
        'received at               source   reason         event id  bytes  id',
        `2026-03-02T00:00:00.000Z  code     not_form       -         3      ${idOf(recent)}`,
        `2026-03-01T12:00:00.250Z  partner  invalid_event  evt_1     20     ${idOf(old)}`,
        '',
        '2 items in quarantine',
        '',
      ].join('\n'),
      stderr: '',
    });
  });

  it('lists those of a source, and those with a reason', async () => {
    const conflict = invalidEvent({ reason: 'conflict', body: '1' });
    const other = invalidEvent({ source: 'code', reason: 'conflict', body: '2' });
    await using inbox = await startInbox({ quarantined: [invalidEvent(), conflict, other] });
    const { stdout } = await inbox.run(['list', 'partner', '--reason', 'conflict']);
    expect(stdout.split('\n').slice(1)).toEqual([
      expect.stringContaining(idOf(conflict)),
      '',
      '1 item of partner in quarantine with the reason conflict',
      '',
    ]);
    expect((await inbox.run(['list', 'nobody'])).stdout).toBe('0 items of nobody in quarantine\n');
  });

  it('prints no control character of an event id, and shortens a long one', async () => {
    const hostile = invalidEvent({ eventId: '\u001b[2J\u202eevil' });
    const long = invalidEvent({ eventId: 'x'.repeat(1_000), body: '1' });
    await using inbox = await startInbox({ quarantined: [hostile, long] });
    const { stdout } = await inbox.run(['list']);
    expect(stdout).toContain(' \\u001b[2J\\u202eevil ');
    expect(stdout).toMatch(/ x{39}… /);
    expect(stdout).not.toMatch(/(?!\n)\p{C}/u);
  });

  it('prints an item per line in JSON, without payloads', async () => {
    const large = invalidEvent({ body: incompressibleText(600_000), reason: 'not_json', issues: [] });
    const compressed = invalidEvent({ body: JSON.stringify({ text: 'long '.repeat(2_000) }), eventId: '\u001bevt' });
    await using inbox = await startInbox({ quarantined: [large, compressed] });
    const { stdout } = await inbox.run(['list', '--json']);
    expect(stdout).not.toContain('long long');
    expect(stdout).not.toContain('\u001b');
    const items = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(items).toHaveLength(2);
    expect(items).toContainEqual({
      id: idOf(compressed),
      source: 'partner',
      provider: 'generic',
      reason: 'invalid_event',
      issues: compressed.issues,
      event_id: '\u001bevt',
      received_at: RECEIVED_AT,
      expires_at: Math.floor(Date.parse(RECEIVED_AT) / 1000) + 14 * DAY_SECONDS,
      headers: compressed.headers,
      payload_bytes: compressed.payload.length,
      payload_sha256: sha256(compressed.payload.toString()),
    });
    expect(items).toContainEqual(
      expect.objectContaining({ id: idOf(large), payload_object: `partner/${sha256(large.payload.toString())}` }),
    );
  });

  it('reads a large table page by page, and shows the progress', async () => {
    const quarantined = Array.from({ length: 8 }, (_, index) =>
      invalidEvent({ body: `${index}${incompressibleText(300_000)}` }),
    );
    await using inbox = await startInbox({ quarantined });
    const { stdout, stderr } = await inbox.run(['list']);
    expect(stdout).toMatch(/\n8 items in quarantine\n$/);
    expect(stderr).toMatch(/^\d items scanned, \d found\n/);
  });
});

describe('npm run quarantine -- show', () => {
  it('prints what is wrong, and the payload indented, with every number as it was sent', async () => {
    const body = '{"event_id":"evt_1","amount":12.50,"id":12345678901234567890,"note":"\\u001b[2J\u009b"}';
    const event = invalidEvent({
      ...{ body, source: 'code', provider: 'github', eventId: 'guid' },
      headers: { 'content-type': 'application/json', 'x-github-delivery': 'guid', 'x-github-event': 'push\u001b' },
      issues: [
        { path: 'entry.0.id', expected: 'string' },
        { path: 'entry.0.time', expected: 'integer' },
      ],
    });
    await using inbox = await startInbox({ quarantined: [event] });
    expect(await inbox.run(['show', idOf(event)])).toEqual({
      status: 0,
      stdout: `id           ${idOf(event)}
source       code, provider github
reason       invalid_event: a field that identifies the event does not match the schema
issues       entry.0.id: expected string
             entry.0.time: expected integer
event id     guid
received at  2026-03-01T12:00:00.250Z
expires at   2026-03-15T12:00:00.000Z
headers      x-github-delivery: guid
             x-github-event: push\\u001b
payload      ${Buffer.byteLength(body)} bytes, the whole body, application/json

{
  "event_id": "evt_1",
  "amount": 12.50,
  "id": 12345678901234567890,
  "note": "\\u001b[2J\\u009b"
}
`,
      stderr: '',
    });
  });

  it.each([
    ['text that is not JSON, escaped', Buffer.from('a\u001b=b\nc'), /\n\na\\u001b=b\nc\n$/],
    ['JSON that is nested too deeply', Buffer.from('['.repeat(100_000)), /\n\n\[{100000}\n$/],
    [
      'no bytes that are not text',
      Buffer.from([0xff, 0x1b]),
      /\n\nThe payload is not text\. --raw writes its bytes\.\n$/,
    ],
  ])('prints %s', async (_, payload, expected) => {
    const event = invalidEvent({ payload });
    await using inbox = await startInbox({ quarantined: [event] });
    const [item] = await inbox.quarantined();
    expect((await inbox.run(['show', item?.id ?? ''])).stdout).toMatch(expected);
  });

  it.each([
    ['item', '{"a": 1.50}\r\n'],
    ['bucket', JSON.stringify({ noise: incompressibleText(900_000) })],
  ])('writes with --raw exactly the bytes of a payload in the %s', async (_, body) => {
    const event = invalidEvent({ body });
    await using inbox = await startInbox({ quarantined: [event] });
    expect(await inbox.run(['show', idOf(event), '--raw'])).toEqual({ status: 0, stdout: body, stderr: '' });
  });

  it('reports a payload that is missing in the bucket, or was replaced', async () => {
    const event = invalidEvent({ body: incompressibleText(600_000) });
    await using inbox = await startInbox({ quarantined: [event] });
    for (const key of inbox.objects.keys()) inbox.objects.set(key, Buffer.from('another'));
    expect((await inbox.run(['show', idOf(event)])).stderr).toMatch(
      /^The payload of .+ is not the one that was received\.\n$/,
    );
    inbox.objects.clear();
    expect(await inbox.run(['show', idOf(event)])).toEqual({
      status: 1,
      stdout: '',
      stderr: expect.stringMatching(/^Could not read the payload\. AWS responded with NoSuchKey: /),
    });
  });
});

describe('npm run quarantine -- accept', () => {
  it('stores an event that is valid by now as the receiver does, and removes it from quarantine', async () => {
    const event = invalidEvent({ body: genericJson({ amount: 1 }) });
    await using inbox = await startInbox({ quarantined: [event] });
    const before = nowSeconds();
    expect(await inbox.run(['accept', idOf(event)])).toEqual({
      status: 0,
      stdout: `${idOf(event)}: processed, event id evt_1\n1 accepted, 0 left\n`,
      stderr: '',
    });
    expect(await inbox.quarantined()).toEqual([]);
    const item = await inbox.event('partner#evt_1');
    expect(item).toEqual({
      id: 'partner#evt_1',
      source: 'partner',
      provider: 'generic',
      event_id: 'evt_1',
      event_type: 'a',
      occurred_at: expect.any(String),
      received_at: expect.any(String),
      expires_at: expect.any(Number),
      data: { user_id: 'user_42', action: 'a', timestamp: expect.any(Number) },
      payload: event.payload.toString(),
      payload_sha256: sha256(event.payload.toString()),
    });
    // The retention of this source is two days, and begins with the acceptance.
    expect(item?.expires_at).toBeGreaterThanOrEqual(before + 2 * DAY_SECONDS);
    expect(item?.expires_at).toBeLessThanOrEqual(nowSeconds() + 2 * DAY_SECONDS);
  });

  it('reads the event again from the headers that it was read from', async () => {
    const headers = {
      'content-type': FORM_TYPE,
      'x-github-delivery': 'guid',
      'x-github-event': 'push',
      'x-github-hook-id': '7',
    };
    const body = `payload=${encodeURIComponent('{"sender":{"login":"mona"}}')}`;
    const event = invalidEvent({ source: 'code', provider: 'github', headers, body });
    await using inbox = await startInbox({ quarantined: [event] });
    await inbox.run(['accept', idOf(event)]);
    expect(await inbox.event('code#guid:7')).toMatchObject({
      event_type: 'push',
      data: { sender: 'mona' },
      payload: body,
    });
  });

  it('reads one event of several by the schema of an event', async () => {
    const body = '{"uuid":"u-1","eventType":"user.session.start"}';
    const event = invalidEvent({ source: 'users', provider: 'okta', fromBatch: true, body });
    await using inbox = await startInbox({ quarantined: [event] });
    await inbox.run(['accept', idOf(event)]);
    expect(await inbox.event('users#u-1')).toMatchObject({ event_type: 'user.session.start', payload: body });
  });

  it('reads a large payload from the bucket, and leaves it there', async () => {
    const body = genericJson({ noise: incompressibleText(900_000) });
    const event = invalidEvent({ body });
    await using inbox = await startInbox({ quarantined: [event] });
    const { stdout } = await inbox.run(['accept', idOf(event)]);
    expect(stdout).toMatch(/: processed, event id evt_1\n/);
    const item = await inbox.event('partner#evt_1');
    const object = inbox.objects.get(item?.payload_object ?? '');
    expect(decodePayload(item ?? {}, object)?.toString()).toBe(body);
  });

  it('writes a payload to the bucket that fitted into the quarantine and does not fit into the larger event', async () => {
    const fields = { user_id: 'u'.repeat(64), action: 'a'.repeat(32), timestamp: nowSeconds() };
    const withNoise = (length: number) =>
      invalidEvent({ body: genericJson({ ...fields, noise: incompressibleText(length) }), issues: [] });
    const isInItem = (length: number) => toQuarantineItem(withNoise(length)).object === undefined;
    const event = withNoise(largest(isInItem, 400_000, 800_000));
    await using inbox = await startInbox({ quarantined: [event] });
    expect(inbox.objects.size).toBe(0);
    await inbox.run(['accept', idOf(event)]);
    expect(await inbox.event('partner#evt_1')).toMatchObject({ payload_object: [...inbox.objects.keys()][0] });
  });

  it('leaves an event that is still invalid, and lists what is wrong', async () => {
    const event = invalidEvent({ body: '{"event_id":"evt_1","user_id":7,"action":"a","timestamp":1.5}' });
    await using inbox = await startInbox({ quarantined: [event] });
    expect(await inbox.run(['accept', idOf(event)])).toEqual({
      status: 1,
      stdout: '0 accepted, 1 left\n',
      stderr: `${idOf(event)}: still invalid: invalid_event: a field that identifies the event does not match the schema
  user_id: expected string
  timestamp: expected integer
`,
    });
    expect([await inbox.events(), await inbox.quarantined()]).toMatchObject([[], [{ id: idOf(event) }]]);
  });

  it('reports a duplicate, and removes it from quarantine', async () => {
    const event = invalidEvent({ body: genericJson() });
    await using inbox = await startInbox({ quarantined: [event] });
    const stored = { id: 'partner#evt_1', expires_at: nowSeconds() + 100 };
    await inbox.put('events', { ...stored, payload_sha256: sha256(event.payload.toString()) });
    expect(await inbox.run(['accept', idOf(event)])).toMatchObject({
      status: 0,
      stdout: `${idOf(event)}: duplicate, event id evt_1\n1 accepted, 0 left\n`,
    });
    expect(await inbox.event('partner#evt_1')).toMatchObject(stored);
    expect(await inbox.quarantined()).toEqual([]);
  });

  it('leaves a conflict, and stores it with --as-is under another id', async () => {
    const event = invalidEvent({ body: genericJson({ action: 'second' }), reason: 'conflict', eventId: 'evt_1' });
    await using inbox = await startInbox({ quarantined: [event] });
    const body = genericJson({ action: 'first' });
    const stored = { id: 'partner#evt_1', expires_at: nowSeconds() + 100, payload: body, payload_sha256: sha256(body) };
    await inbox.put('events', stored);
    const secondId = `evt_1:${sha256(event.payload.toString())}`;
    const refused = await inbox.run(['accept', idOf(event)]);
    expect(refused).toMatchObject({ status: 1, stdout: '0 accepted, 1 left\n' });
    expect(refused.stderr).toBe(
      `${idOf(event)}: conflict: another payload is stored under the event id evt_1, which differs in action; --as-is stores this one under ${secondId}\n`,
    );
    expect(await inbox.events()).toEqual([stored]);

    const accepted = await inbox.run(['accept', idOf(event), '--as-is']);
    expect(accepted).toMatchObject({
      status: 0,
      stdout: expect.stringContaining(`: processed, event id ${secondId}\n`),
    });
    expect(await inbox.event('partner#evt_1')).toEqual(stored);
    expect(await inbox.event(`partner#${secondId}`)).toMatchObject({
      event_id: secondId,
      origin: 'accepted',
      data: { action: 'second' },
    });
    expect(await inbox.quarantined()).toEqual([]);
  });

  it('stores with --as-is what nothing identifies, under the SHA-256 of its payload', async () => {
    const headers = { 'content-type': FORM_TYPE };
    const event = invalidEvent({ source: 'code', provider: 'github', reason: 'not_form', body: 'a=b', headers });
    await using inbox = await startInbox({ quarantined: [event] });
    const before = Date.now();
    expect((await inbox.run(['accept', idOf(event)])).stderr).toContain(': still invalid: not_form: ');
    expect((await inbox.run(['accept', idOf(event), '--as-is'])).status).toBe(0);
    expect(await inbox.events()).toEqual([
      {
        id: `code#${sha256('a=b')}`,
        source: 'code',
        provider: 'github',
        event_id: sha256('a=b'),
        received_at: expect.any(String),
        expires_at: expect.any(Number),
        data: {},
        origin: 'accepted',
        payload: 'a=b',
        payload_sha256: sha256('a=b'),
      },
    ]);
    const [item] = await inbox.events();
    expect(Date.parse(item?.received_at ?? '')).toBeGreaterThanOrEqual(before);
  });

  it('waives the retention window with --as-is, and keeps what the schema picks', async () => {
    const body = genericJson({ timestamp: nowSeconds() - 3 * DAY_SECONDS });
    const event = invalidEvent({ body, reason: 'outside_retention', eventId: 'evt_1' });
    await using inbox = await startInbox({ quarantined: [event] });
    expect((await inbox.run(['accept', idOf(event)])).stderr).toContain(
      'timestamp: expected time within the last 172800 seconds',
    );
    await inbox.run(['accept', idOf(event), '--as-is']);
    expect(await inbox.event('partner#evt_1')).toMatchObject({ origin: 'accepted', data: { user_id: 'user_42' } });
  });

  it('does not call a valid event accepted as it was', async () => {
    const event = invalidEvent({ body: genericJson() });
    await using inbox = await startInbox({ quarantined: [event] });
    await inbox.run(['accept', idOf(event), '--as-is']);
    expect(await inbox.event('partner#evt_1')).not.toHaveProperty('origin');
  });

  it('keeps the event id that was known at the delivery', async () => {
    const event = invalidEvent({ body: 'no longer JSON', eventId: 'evt_known' });
    await using inbox = await startInbox({ quarantined: [event] });
    await inbox.run(['accept', idOf(event), '--as-is']);
    expect(await inbox.event('partner#evt_known')).toMatchObject({ origin: 'accepted', data: {} });
  });

  it('leaves in quarantine what was delivered again while it was accepted', async () => {
    const event = invalidEvent({ body: genericJson({ noise: incompressibleText(900_000) }) });
    await using inbox = await startInbox({ quarantined: [event], onRead: deliverAgain });
    async function deliverAgain() {
      await inbox.put('quarantine', { ...toQuarantineItem(event).item, received_at: '2026-03-01T13:00:00.000Z' });
    }
    const { status, stderr } = await inbox.run(['accept', idOf(event)]);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `${idOf(event)}: processed, event id evt_1\n  It was delivered again since, and stays in quarantine.\n`,
    });
    expect(await inbox.quarantined()).toMatchObject([{ received_at: '2026-03-01T13:00:00.000Z' }]);
  });

  it('accepts the ids of standard input, names those that fail, and goes on', async () => {
    const fine = invalidEvent({ body: genericJson() });
    const gone = invalidEvent({ source: 'removed', body: '1' });
    const moved = invalidEvent({ source: 'code', body: '2' });
    await using inbox = await startInbox({ quarantined: [fine, gone, moved] });
    const ids = ['nobody', ...[gone, moved, fine].map(idOf)];
    const { status, stdout, stderr } = await inbox.run(['accept', '-'], ids.join('\n'));
    expect(stderr.split('\n')).toEqual([
      '1/4 nobody: failed: no such item in quarantine',
      `2/4 ${idOf(gone)}: failed: the inbox no longer has the source removed`,
      `3/4 ${idOf(moved)}: failed: the provider of code is github now, and was generic`,
      '',
    ]);
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: `4/4 ${idOf(fine)}: processed, event id evt_1\n1 accepted, 3 left\n`,
    });
  });

  it.each([
    ['may not be read', undefined, /^Could not read the configuration of the receiver Receiver\. Access denied: /],
    ['is of another version', {}, /^The receiver is of another version of the inbox: deploy this one first\.\n$/],
  ])('stores nothing if the configuration of the receiver %s', async (_, variables, message) => {
    const event = invalidEvent({ body: genericJson() });
    await using inbox = await startInbox({ quarantined: [event], variables });
    const { status, stdout, stderr } = await inbox.run(['accept', idOf(event)]);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
    expect(await inbox.events()).toEqual([]);
  });
});

describe('npm run quarantine -- discard', () => {
  it('deletes items, and names those that are not there', async () => {
    const [event, other] = [invalidEvent(), invalidEvent({ body: '2' })];
    await using inbox = await startInbox({ quarantined: [event, other] });
    expect(await inbox.run(['discard', idOf(event), 'nobody', '--yes'])).toEqual({
      status: 1,
      stdout: `1/2 ${idOf(event)}: discarded: partner, invalid_event, received ${RECEIVED_AT}\n1 discarded, 1 left\n`,
      stderr: '2/2 nobody: failed: no such item in quarantine\n',
    });
    expect(await inbox.quarantined()).toMatchObject([{ id: idOf(other) }]);
    expect(await inbox.events()).toEqual([]);
  });

  it('deletes nothing without a confirmation', async () => {
    const event = invalidEvent();
    await using inbox = await startInbox({ quarantined: [event] });
    expect(await inbox.run(['discard', idOf(event)])).toEqual({
      status: 1,
      stdout: '',
      stderr: 'What is discarded cannot be restored. Confirm it with --yes.\n',
    });
    expect(await inbox.quarantined()).toHaveLength(1);
  });
});

describe('npm run quarantine', () => {
  it.each([
    ['no subcommand', [], /^Give one of list, show, accept, discard\.\n\n/],
    ['a mistyped subcommand', ['acept'], /^"acept" is none of .+ Did you mean accept\?\n\n/],
    ['an option of another subcommand', ['list', '--as-is'], /^list takes no --as-is\.\n\n/],
    ['two sources', ['list', 'a', 'b'], /^Name one source only\.\n\n/],
    ['a mistyped reason', ['list', '--reason', 'confict'], /^"confict" is no reason\. Did you mean conflict\?\n$/],
    ['an unknown reason', ['list', '--reason', 'x'], /^"x" is no reason\. The reasons are: not_utf8, /],
    ['no item to show', ['show'], /^Name one item\.\n\n/],
    ['an item that is not there', ['show', 'a\u001b'], /^There is no item a\\u001b in quarantine\.\n$/],
    ['no item to accept', ['accept'], /^Name the items\.\n\n/],
    ['a stack and the local inbox', ['list', '--local'], /^Give --stack and --inbox, or --local, not both\.\n$/],
  ])('refuses %s, and prints the reason', async (_, args, message) => {
    await using inbox = await startInbox();
    const { status, stdout, stderr } = await inbox.run(args);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toMatch(message);
  });

  it.each([
    ['TableName', {}, 'deploy this version of the inbox first.'],
    ['QuarantineTableName', { TableName: 'events' }, 'deploy this version of the inbox first.'],
  ])('explains that the inbox has no output %s', async (name, outputs, hint) => {
    await using inbox = await startInbox({ outputs });
    expect((await inbox.run(['list'])).stderr).toBe(`The inbox has no output ${name}: ${hint}\n`);
  });

  it('prints its help', async () => {
    const { status, stdout } = await runCommand('quarantine', ['--help']);
    expect(status).toBe(0);
    expect(stdout).toContain('npm run quarantine -- accept <id>... [--as-is]');
    expect(stdout).toMatch(/\n {2}forbidden_key +the body has a key __proto__\n/);
  });
});
