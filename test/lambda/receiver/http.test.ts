import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import type { OnInvalid } from '../../../lambda/receiver/source.ts';
import type { ReadSecret } from '../../../lambda/secrets/signing-secret.ts';
import { eventJson, incompressibleText, NOW, signed } from '../../support/generic-event.ts';
import type { Outgoing } from '../../support/http.ts';
import { startInbox, TABLE_NAME, type TestInbox } from '../../support/inbox.ts';
import { expectProblem } from '../../support/problem.ts';

// The contract's table of responses, for a source that rejects what is invalid and for one that quarantines it. The
// rows that depend on the provider (handshakes, bodies of several events, required responses) are in ../providers.

const event = eventJson();
const json = ['Content-Type', 'application/json'] as const;

/** A delivery to the source `partner`, or to another path. */
interface Row {
  readonly request: Outgoing;
  readonly path?: string;
}

type Problem = readonly [status: number, code: string];

/** The responses that do not depend on what a source does with invalid events. */
const PROBLEMS: readonly (readonly [name: string, problem: Problem, row: Row])[] = [
  ['an unknown source', [404, 'not_found'], { request: signed(event), path: '/webhooks/nobody' }],
  ['another path', [404, 'not_found'], { request: signed(event), path: '/webhooks/partner/more' }],
  ['another method', [404, 'not_found'], { request: { ...signed(event), method: 'PUT' } }],
  ['a body above the limit', [413, 'payload_too_large'], { request: signed('x'.repeat(1_001)) }],
  [
    'another content type',
    [415, 'unsupported_media_type'],
    { request: { body: event, headers: [['Content-Type', 'text/plain']] } },
  ],
  [
    'another charset',
    [415, 'unsupported_media_type'],
    { request: { body: event, headers: [['Content-Type', 'application/json; charset=utf-16']] } },
  ],
  [
    'a content type of 257 characters',
    [415, 'unsupported_media_type'],
    { request: { body: event, headers: [['Content-Type', `application/json; a=${'b'.repeat(237)}`]] } },
  ],
  ['no signature', [401, 'invalid_signature'], { request: { body: event, headers: [json] } }],
  [
    'a malformed signature',
    [401, 'invalid_signature'],
    { request: { body: event, headers: [json, ['X-Signature', 'x']] } },
  ],
  ['a wrong signature', [401, 'invalid_signature'], { request: signed(event, 'another secret') }],
  ['a wrong signature of an invalid body', [401, 'invalid_signature'], { request: signed('{', 'another secret') }],
];

const seconds = Math.floor(NOW / 1000);

/** What is verified but invalid: the reason of the quarantine, and the rejection. */
const INVALID: readonly (readonly [reason: string, name: string, rejection: Problem, body: Buffer | string])[] = [
  ['not_utf8', 'bytes that are not UTF-8', [400, 'malformed_body'], Buffer.from([0x22, 0xff, 0x22])],
  ['not_json', 'text that is not JSON', [400, 'malformed_body'], '{'],
  ['not_json', 'an empty body', [400, 'malformed_body'], ''],
  ['nested_too_deep', 'arrays 101 levels deep', [400, 'malformed_body'], '['.repeat(101) + ']'.repeat(101)],
  ['forbidden_key', 'a __proto__ key', [400, 'malformed_body'], '{"__proto__":1}'],
  ['invalid_event', 'an event without an id', [422, 'invalid_event'], eventJson({ event_id: undefined })],
  ['invalid_event', 'an event with another type of id', [422, 'invalid_event'], eventJson({ event_id: 7 })],
  [
    'outside_retention',
    'an event 31 days old',
    [422, 'invalid_event'],
    eventJson({ timestamp: seconds - 31 * 86_400 }),
  ],
  ['outside_retention', 'an event 6 minutes ahead', [422, 'invalid_event'], eventJson({ timestamp: seconds + 360 })],
];

async function expectNothingStored(inbox: TestInbox): Promise<void> {
  expect([await inbox.items(), await inbox.quarantined(), inbox.objects.size]).toEqual([[], [], 0]);
}

describe.each<OnInvalid>(['reject', 'quarantine'])('A source that is set to %s', (onInvalid) => {
  const open = (readSecret?: ReadSecret) =>
    startInbox({ onInvalid, maxBodyBytes: 1_000, ...(readSecret && { readSecret }) });

  it.each(PROBLEMS)('responds to %s with %j, and stores nothing', async (_, [status, code], { request, path }) => {
    await using inbox = await open();
    const response = await inbox.post(request, path);
    expectProblem(response, status, code);
    expect(response.headers).not.toHaveProperty('inbox-status');
    await expectNothingStored(inbox);
  });

  it('acknowledges a new event as processed, and the same one again as a duplicate', async () => {
    await using inbox = await open();
    for (const status of ['processed', 'duplicate']) {
      const response = await inbox.post(signed(event));
      expect([response.status, response.text]).toEqual([200, `{"status":"${status}","event_id":"evt_1"}`]);
      expect(response.headers).toMatchObject({ 'content-type': 'application/json', 'inbox-status': status });
    }
    expect(await inbox.quarantined()).toEqual([]);
  });

  it('responds with 503 and Retry-After if the table is out of reach', async () => {
    await using inbox = await open();
    await inbox.dynamodb.client.send(new DeleteTableCommand({ TableName: TABLE_NAME }));
    expectProblem(await inbox.post(signed(event)), 503, 'temporarily_unavailable');
    expect(inbox.reports).toMatchObject([{ outcome: 'unavailable', reason: 'table_unavailable', eventId: 'evt_1' }]);
  });

  it('responds with 503 and Retry-After if there is no secret to verify with', async () => {
    await using inbox = await open(async () => ({ unavailable: { reason: 'secret_missing' } }));
    expectProblem(await inbox.post(signed('{')), 503, 'temporarily_unavailable');
    await expectNothingStored(inbox);
  });

  it('responds with 500 to an unexpected error', async () => {
    await using inbox = await open(() => Promise.reject(new TypeError('marker')));
    expectProblem(await inbox.post(signed(event)), 500, 'internal_error');
    await expectNothingStored(inbox);
  });
});

describe('A source that rejects invalid events', () => {
  it.each(INVALID)('rejects %s: %s with %j, and stores nothing', async (reason, _, [status, code], body) => {
    await using inbox = await startInbox({ onInvalid: 'reject' });
    const response = await inbox.post(signed(body));
    expectProblem(response, status, code);
    expect(response.headers).not.toHaveProperty('inbox-status');
    expect(inbox.reports).toMatchObject([{ outcome: 'rejected', code, reason }]);
    await expectNothingStored(inbox);
  });

  it('rejects another payload under a stored event id with 409, and stores nothing of it', async () => {
    await using inbox = await startInbox({ onInvalid: 'reject' });
    await inbox.post(signed(event));
    const response = await inbox.post(signed(eventJson({ action: 'invoice.void' })));
    expectProblem(response, 409, 'event_id_conflict');
    expect(response.headers).not.toHaveProperty('inbox-status');
    expect(await inbox.items()).toMatchObject([{ payload: { S: String(event) } }]);
    expect(await inbox.quarantined()).toEqual([]);
  });
});

describe('A source that quarantines invalid events', () => {
  const open = () => startInbox({ onInvalid: 'quarantine' });

  it.each(INVALID)('acknowledges and keeps %s: %s', async (reason, _, __, body) => {
    await using inbox = await open();
    const response = await inbox.post(signed(body));
    expect([response.status, response.text]).toEqual([200, `{"status":"quarantined","reason":"${reason}"}`]);
    expect(response.headers).toMatchObject({ 'content-type': 'application/json', 'inbox-status': 'quarantined' });
    expect(await inbox.items()).toEqual([]);
    expect(await inbox.quarantined()).toMatchObject([{ source: { S: 'partner' }, reason: { S: reason } }]);
    expect(inbox.reports).toMatchObject([{ outcome: 'quarantined', code: undefined, events: [{ reason }] }]);
  });

  it('keeps one item of a body that is delivered twice: the last delivery', async () => {
    await using inbox = await open();
    await inbox.post(signed('{'));
    inbox.clock.now += 60_000;
    const again = await inbox.post(signed('{'));
    expect(again.headers).toMatchObject({ 'inbox-status': 'quarantined' });
    expect(await inbox.quarantined()).toMatchObject([{ received_at: { S: new Date(NOW + 60_000).toISOString() } }]);
  });

  it('keeps no signature, and no header but the content type', async () => {
    await using inbox = await open();
    const request = signed('{');
    await inbox.post({ ...request, headers: [...(request.headers ?? []), ['X-More', 'marker']] });
    expect(await inbox.quarantined()).toMatchObject([
      { headers: { M: { 'content-type': { S: 'application/json' } } } },
    ]);
    expect(JSON.stringify(await inbox.quarantined())).not.toMatch(/marker|sha256=/);
  });

  it('keeps and reports the paths, the expectations and the event id', async () => {
    await using inbox = await open();
    const issues = [{ path: 'timestamp', expected: 'time within the last 2592000 seconds' }];
    await inbox.post(signed(eventJson({ timestamp: seconds - 31 * 86_400 })));
    expect(await inbox.quarantined()).toMatchObject([
      {
        event_id: { S: 'evt_1' },
        issues: { L: issues.map(({ path, expected }) => ({ M: { path: { S: path }, expected: { S: expected } } })) },
      },
    ]);
    expect(inbox.reports).toMatchObject([{ eventId: 'evt_1', events: [{ reason: 'outside_retention', issues }] }]);
  });

  it('acknowledges another payload under a stored event id as a conflict, and keeps both payloads', async () => {
    await using inbox = await open();
    await inbox.post(signed(event));
    const other = eventJson({ action: 'invoice.void' });
    const response = await inbox.post(signed(other));
    expect([response.status, response.text]).toEqual([200, '{"status":"conflict","event_id":"evt_1"}']);
    expect(response.headers).toMatchObject({ 'inbox-status': 'conflict' });
    expect(await inbox.items()).toMatchObject([{ payload: { S: String(event) } }]);
    expect(await inbox.quarantined()).toMatchObject([
      { reason: { S: 'conflict' }, event_id: { S: 'evt_1' }, payload: { S: String(other) }, issues: { L: [] } },
    ]);
    expect(inbox.reports.at(-1)).toMatchObject({
      outcome: 'conflict',
      eventId: 'evt_1',
      events: [{ status: 'conflict', reason: 'conflict', conflict: { differingFields: ['action'] } }],
    });
  });

  it('keeps a large invalid body in the payload bucket', async () => {
    await using inbox = await open();
    const large = eventJson({ event_id: 7, more: incompressibleText(700_000) });
    expect((await inbox.post(signed(large))).headers).toMatchObject({ 'inbox-status': 'quarantined' });
    const [key] = inbox.objects.keys();
    expect(await inbox.quarantined()).toMatchObject([{ payload_object: { S: key }, payload_encoding: { S: 'gzip' } }]);
  });
});
