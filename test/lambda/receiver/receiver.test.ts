import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { DeleteTableCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import type { ReadSecret, SecretUnavailable, SigningSecret } from '../../../lambda/secrets/signing-secret.ts';
import { eventJson, incompressibleText, NOW, SECRET, signatureOf, signed } from '../../support/generic-event.ts';
import type { Outgoing, RawHeaders } from '../../support/http.ts';
import { startInbox, TABLE_NAME, type TestInbox } from '../../support/inbox.ts';
import { expectProblem } from '../../support/problem.ts';

const NOW_SECONDS = Math.floor(NOW / 1000);
const HOUR = 3600;
const DAY = 24 * HOUR;
const MIB = 1024 * 1024;

const json = ['Content-Type', 'application/json'] as const;

/** A delivery of the valid event under these headers. */
const under = (...headers: RawHeaders): Outgoing => ({ body: eventJson(), headers });

async function expectNothingStored(inbox: TestInbox): Promise<void> {
  expect(inbox.operations).toEqual([]);
  expect(await inbox.items()).toEqual([]);
}

describe('A signed event', () => {
  it('is answered `processed` once it is stored', async () => {
    await using inbox = await startInbox();
    const answer = await inbox.post(signed(eventJson()));
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    expect(answer.text).toBe('{"status":"processed","event_id":"evt_1"}');
    expect(await inbox.items()).toHaveLength(1);
  });

  it('is a duplicate when it is delivered again, and its item does not change', async () => {
    await using inbox = await startInbox();
    await inbox.post(signed(eventJson()));
    const stored = await inbox.items();
    inbox.clock.now += 60_000;
    const again = await inbox.post(signed(eventJson()));
    expect(again.status).toBe(200);
    expect(again.text).toBe('{"status":"duplicate","event_id":"evt_1"}');
    expect(await inbox.items()).toEqual(stored);
  });

  it('is a conflict under the id of another event, whose item does not change', async () => {
    await using inbox = await startInbox();
    await inbox.post(signed(eventJson()));
    const stored = await inbox.items();
    expectProblem(await inbox.post(signed(eventJson({ action: 'invoice.void' }))), 409, 'event_id_conflict');
    expect(await inbox.items()).toEqual(stored);
    expect(inbox.reports.at(-1)).toMatchObject({
      outcome: 'conflict',
      eventId: 'evt_1',
      status: 409,
      events: [{ status: 'conflict', conflict: { differingFields: ['action'] } }],
    });
    expect(await inbox.quarantined()).toEqual([]);
  });

  it('is a conflict if it differs from the stored one in white space alone', async () => {
    await using inbox = await startInbox();
    await inbox.post(signed(eventJson()));
    expectProblem(await inbox.post(signed(`${eventJson()}\n`)), 409, 'event_id_conflict');
  });

  it('is a new event at another source', async () => {
    await using inbox = await startInbox();
    await inbox.post(signed(eventJson()));
    const elsewhere = await inbox.post(signed(eventJson()), '/webhooks/other');
    expect(JSON.parse(elsewhere.text)).toEqual({ status: 'processed', event_id: 'evt_1' });
    expect((await inbox.items()).map(({ id }) => id?.S).sort()).toEqual(['other#evt_1', 'partner#evt_1']);
  });

  it('is processed whatever the query string', async () => {
    await using inbox = await startInbox();
    expect((await inbox.post(signed(eventJson()), '/webhooks/partner?source=other')).status).toBe(200);
  });

  it('replaces the item of an expired event that is not deleted yet', async () => {
    await using inbox = await startInbox({ retentionSeconds: HOUR });
    await inbox.post(signed(eventJson()));
    const expiry = NOW_SECONDS + HOUR;
    const renewed = signed(eventJson({ timestamp: expiry }));

    inbox.clock.now = expiry * 1000 + 999;
    expectProblem(await inbox.post(renewed), 409, 'event_id_conflict');

    inbox.clock.now = (expiry + 1) * 1000;
    expect(JSON.parse((await inbox.post(renewed)).text)).toMatchObject({ status: 'processed' });
    expect(await inbox.items()).toMatchObject([{ payload: { S: String(renewed.body) } }]);
  });

  it('is never stored again if it is captured and resent, before its item expires or after', async () => {
    await using inbox = await startInbox({ retentionSeconds: HOUR });
    const captured = signed(eventJson());
    await inbox.post(captured);
    inbox.clock.now = (NOW_SECONDS + HOUR) * 1000;
    expect(JSON.parse((await inbox.post(captured)).text)).toMatchObject({ status: 'duplicate' });
    inbox.clock.now += 1;
    expectProblem(await inbox.post(captured), 422, 'invalid_event');
    inbox.clock.now += 365 * DAY * 1000;
    expectProblem(await inbox.post(captured), 422, 'invalid_event');
    expect(await inbox.items()).toHaveLength(1);
  });
});

describe('404 `not_found`', () => {
  it.each([
    ['an unknown source', 'POST', '/webhooks/nobody'],
    ['a source with the name of an object property', 'POST', '/webhooks/__proto__'],
    ['a source in upper case', 'POST', '/webhooks/Partner'],
    ['the path above', 'POST', '/webhooks'],
    ['no source', 'POST', '/webhooks/'],
    ['a path below', 'POST', '/webhooks/partner/more'],
    ['a slash at the end', 'POST', '/webhooks/partner/'],
    ['a path in front', 'POST', '/v1/webhooks/partner'],
    ['the root', 'POST', '/'],
    ['a path of slashes', 'POST', '//'],
    ['a GET', 'GET', '/webhooks/partner'],
    ['a PUT', 'PUT', '/webhooks/partner'],
    ['a DELETE', 'DELETE', '/webhooks/partner'],
    ['an OPTIONS', 'OPTIONS', '/webhooks/partner'],
  ])('is the answer to %s', async (_, method, path) => {
    await using inbox = await startInbox();
    expectProblem(await inbox.post({ ...signed(eventJson()), method }, path), 404, 'not_found');
    await expectNothingStored(inbox);
  });
});

describe('Requests for unknown names', () => {
  it('are reported alike, without their names, so that strangers add neither metrics nor text to the log', async () => {
    await using inbox = await startInbox();
    for (let index = 0; index < 20; index++) await inbox.post(signed(eventJson()), `/webhooks/nobody-${index}`);
    expect(inbox.reports).toHaveLength(20);
    expect(JSON.stringify(inbox.reports)).not.toContain('nobody');
    for (const report of inbox.reports) {
      expect(report).toMatchObject({ outcome: 'rejected', code: 'not_found', source: undefined, events: [] });
    }
  });
});

describe('A large body', () => {
  it('is accepted up to the limit of its source, and rejected above it', async () => {
    await using inbox = await startInbox({ maxBodyBytes: eventJson().length });
    expectProblem(await inbox.post(signed(eventJson({ event_id: 'evt_12' }))), 413, 'payload_too_large');
    await expectNothingStored(inbox);
    expect((await inbox.post(signed(eventJson()))).status).toBe(200);
  });

  it('may have 4 MiB by default', async () => {
    await using inbox = await startInbox();
    const frame = eventJson({ more: '' }).length;
    const large = (size: number) => signed(eventJson({ more: 'x'.repeat(size - frame) }));
    expectProblem(await inbox.post(large(4 * MIB + 1)), 413, 'payload_too_large');
    await expectNothingStored(inbox);
    expect((await inbox.post(large(4 * MIB))).status).toBe(200);
  });

  it('that fits into an item only when compressed is stored so', async () => {
    await using inbox = await startInbox();
    const large = eventJson({ more: incompressibleText(500_000) });
    expect((await inbox.post(signed(large))).status).toBe(200);
    expect(await inbox.items()).toMatchObject([{ payload_encoding: { S: 'gzip' } }]);
    expect(inbox.objects.size).toBe(0);
  });

  it.each([600_000, 3_800_000])(
    'that fits into no item is an object of the payload bucket: %d bytes',
    async (length) => {
      await using inbox = await startInbox();
      const large = eventJson({ more: incompressibleText(length) });
      expectProblem(await inbox.post(signed(large, 'another secret')), 401, 'invalid_signature');
      expect(inbox.objects.size).toBe(0);
      expect((await inbox.post(signed(large))).text).toBe('{"status":"processed","event_id":"evt_1"}');
      const sha256 = createHash('sha256').update(large).digest('hex');
      const [item, ...others] = await inbox.items();
      expect(others).toEqual([]);
      expect(item).toMatchObject({ payload_object: { S: `partner/${sha256}` }, payload_sha256: { S: sha256 } });
      expect(item).not.toHaveProperty('payload');
      const object = inbox.objects.get(`partner/${sha256}`) ?? '';
      expect(gunzipSync(object).equals(large)).toBe(true);

      expect(JSON.parse((await inbox.post(signed(large))).text)).toMatchObject({ status: 'duplicate' });
      expectProblem(await inbox.post(signed(eventJson({ more: 'small' }))), 409, 'event_id_conflict');
      expect(inbox.reports.at(-1)?.events).toMatchObject([{ conflict: { storedSha256: sha256 } }]);
    },
  );
});

describe('A content type', () => {
  const signature = ['X-Signature', signatureOf(eventJson())] as const;
  const typed = (...types: string[]) => under(signature, ...types.map((type) => ['Content-Type', type] as const));

  it.each([
    ['that the provider does not send', typed('text/plain')],
    ['of a form', typed('application/x-www-form-urlencoded')],
    ['that only begins like JSON', typed('application/json-seq')],
    ['in UTF-16', typed('application/json; charset=utf-16')],
    ['in Latin 1', typed('application/json;charset="iso-8859-1"')],
    ['that is no media type', typed('json')],
    ['that is empty', typed('')],
    ['that is missing', typed()],
    ['that is sent twice', typed('application/json', 'application/json')],
    ['that is two in one', typed('application/json, text/plain')],
  ])('%s is rejected', async (_, request) => {
    await using inbox = await startInbox();
    expectProblem(await inbox.post(request), 415, 'unsupported_media_type');
    await expectNothingStored(inbox);
  });

  it.each([
    ['application/json'],
    ['application/json; charset=utf-8'],
    ['application/json;charset=UTF-8'],
    ['application/json; charset="utf-8"'],
    ['Application/JSON'],
    ['application/json; version=1'],
  ])('%s is accepted', async (type) => {
    await using inbox = await startInbox();
    expect((await inbox.post(typed(type))).status).toBe(200);
  });
});

describe('A signature', () => {
  const right = signatureOf(eventJson());
  const hex = right.slice('sha256='.length);
  const wrong: [string, Outgoing][] = [
    ['that is missing', under(json)],
    ['that is empty', under(json, ['X-Signature', ''])],
    ['without its prefix', under(json, ['X-Signature', hex])],
    ['with another prefix', under(json, ['X-Signature', `sha512=${hex}`])],
    ['that is too short', under(json, ['X-Signature', right.slice(0, -2)])],
    ['that is too long', under(json, ['X-Signature', `${right}00`])],
    ['that is not in hex', under(json, ['X-Signature', `sha256=${'zz'.repeat(32)}`])],
    ['in base64', under(json, ['X-Signature', `sha256=${Buffer.from(hex, 'hex').toString('base64')}`])],
    ['of all zeros', under(json, ['X-Signature', `sha256=${'00'.repeat(32)}`])],
    ['with something after it', under(json, ['X-Signature', `${right}, ${right}`])],
    ['in characters outside of ASCII', under(json, ['X-Signature', `sha256=${'ÿé'.repeat(32)}`])],
    ['under another header', under(json, ['X-Hub-Signature-256', right])],
    ['made with another secret', signed(eventJson(), 'another secret')],
    ['made with an empty secret', signed(eventJson(), '')],
    ['made over another body', under(json, ['X-Signature', signatureOf(`${eventJson()} `)])],
    ['sent twice, both right', under(json, ['X-Signature', right], ['X-Signature', right])],
    ['sent twice, the first right', under(json, ['X-Signature', right], ['x-signature', 'sha256=00'])],
    ['sent twice, the second right', under(json, ['X-Signature', 'sha256=00'], ['X-SIGNATURE', right])],
  ];

  it.each(wrong)('%s is rejected', async (_, request) => {
    await using inbox = await startInbox();
    expectProblem(await inbox.post(request), 401, 'invalid_signature');
    await expectNothingStored(inbox);
  });

  it('that is rejected gets the same response, whatever is wrong with it', async () => {
    await using inbox = await startInbox();
    const answers = await Promise.all(wrong.map(([, request]) => inbox.post(request)));
    const words = answers.map(({ text, headers }) => text.replace(String(headers['x-amzn-requestid']), ''));
    expect(new Set(words).size).toBe(1);
    expect(new Set(answers.map(({ headers }) => Object.keys(headers).sort().join())).size).toBe(1);
  });

  it('may be written in upper case, and its header in any case', async () => {
    await using inbox = await startInbox();
    expect((await inbox.post(under(json, ['x-SIGNATURE', `sha256=${hex.toUpperCase()}`]))).status).toBe(200);
  });

  it('covers every byte of the body', async () => {
    await using inbox = await startInbox();
    const bytes = eventJson();
    const changed = [...bytes.keys()].map((at) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)));
    const answers = await Promise.all(
      changed.map((body) => inbox.post({ ...under(json, ['X-Signature', right]), body: Buffer.from(body) })),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
    await expectNothingStored(inbox);
  });
});

describe('A verified body', () => {
  it.each([
    ['not UTF-8', Buffer.from([...eventJson().subarray(0, -2), 0xff, 0x22, 0x7d])],
    ['not JSON', '{"event_id":'],
    ['JSON with a trailing comma', String(eventJson()).replace('}', ',}')],
    ['two documents', `${eventJson()}${eventJson()}`],
    ['nested 200 deep', eventJson({ more: JSON.parse('['.repeat(200) + ']'.repeat(200)) })],
  ])('that is %s is malformed', async (_, body) => {
    await using inbox = await startInbox();
    expectProblem(await inbox.post(signed(body)), 400, 'malformed_body');
    await expectNothingStored(inbox);
  });

  it.each([
    ['that is an array', '[]', 'event_id'],
    ['that is a string', '"evt_1"', ''],
    ['that is null', 'null', ''],
    ['without an event id', eventJson({ event_id: undefined }), 'event_id'],
    ['with an empty event id', eventJson({ event_id: '' }), 'event_id'],
    ['with an event id of 65 characters', eventJson({ event_id: 'é'.repeat(65) }), 'event_id'],
    ['with a number as event id', eventJson({ event_id: 1 }), 'event_id'],
    ['with half a surrogate pair in its event id', '{"event_id":"\\ud83d"}', 'event_id'],
    ['without a user id', eventJson({ user_id: undefined }), 'user_id'],
    ['with an empty user id', eventJson({ user_id: '' }), 'user_id'],
    ['with a user id of 65 characters', eventJson({ user_id: 'x'.repeat(65) }), 'user_id'],
    ['with null as user id', eventJson({ user_id: null }), 'user_id'],
    ['without an action', eventJson({ action: undefined }), 'action'],
    ['with an empty action', eventJson({ action: '' }), 'action'],
    ['with an action of 33 characters', eventJson({ action: 'x'.repeat(33) }), 'action'],
    ['with a list as action', eventJson({ action: ['x'] }), 'action'],
    ['without a timestamp', eventJson({ timestamp: undefined }), 'timestamp'],
    ['with a timestamp in words', eventJson({ timestamp: String(NOW_SECONDS) }), 'timestamp'],
    ['with a timestamp between seconds', eventJson({ timestamp: NOW_SECONDS + 0.5 }), 'timestamp'],
    ['with a timestamp in milliseconds', eventJson({ timestamp: NOW }), 'timestamp'],
    ['with a timestamp before 1970', eventJson({ timestamp: -1 }), 'timestamp'],
    ['with a timestamp beyond all dates', eventJson({ timestamp: 1e300 }), 'timestamp'],
  ])('%s is an invalid event', async (_, body, path) => {
    await using inbox = await startInbox();
    const answer = await inbox.post(signed(body));
    expectProblem(answer, 422, 'invalid_event');
    const { errors } = JSON.parse(answer.text);
    expect(errors).toContainEqual({ path, expected: expect.stringMatching(/./) });
    await expectNothingStored(inbox);
  });

  it('is rejected with the path of each invalid field and what was expected, never with its value', async () => {
    await using inbox = await startInbox();
    const marker = 'marker-of-a-value-';
    const wrong = {
      event_id: marker.repeat(5),
      user_id: [marker],
      action: { [marker]: marker },
      timestamp: marker,
      [marker]: marker,
    };
    const { text } = await inbox.post(signed(eventJson(wrong)));
    expect(JSON.parse(text).errors).toEqual([
      { path: 'event_id', expected: 'string of 1 to 64 characters' },
      { path: 'user_id', expected: 'string' },
      { path: 'action', expected: 'string' },
      { path: 'timestamp', expected: 'number' },
    ]);
    expect(text).not.toContain(marker);
  });

  it.each([
    ['one character each', { event_id: 'e', user_id: 'u', action: 'a' }],
    ['64, 64 and 32 characters', { event_id: 'x'.repeat(64), user_id: 'x'.repeat(64), action: 'x'.repeat(32) }],
    ['four-byte characters', { event_id: '🦉'.repeat(64), user_id: '🦉'.repeat(64), action: '🦉'.repeat(32) }],
    ['the names of object properties', { event_id: '__proto__', user_id: 'constructor', action: 'toString' }],
  ])('may have an id, a user and an action of %s', async (_, fields) => {
    await using inbox = await startInbox();
    const answer = await inbox.post(signed(eventJson(fields)));
    expect(JSON.parse(answer.text)).toEqual({ status: 'processed', event_id: fields.event_id });
  });

  it.each([
    ['5 minutes ahead', 200, 300],
    ['5 minutes and a second ahead', 422, 301],
    ['30 days behind', 200, -30 * DAY],
    ['30 days and a second behind', 422, -30 * DAY - 1],
    ['an hour behind', 200, -HOUR],
  ])('with a timestamp %s is answered %i', async (_, status, seconds) => {
    await using inbox = await startInbox();
    inbox.clock.now = NOW_SECONDS * 1000;
    const answer = await inbox.post(signed(eventJson({ timestamp: NOW_SECONDS + seconds })));
    expect(answer.status).toBe(status);
    expect(await inbox.items()).toHaveLength(status === 200 ? 1 : 0);
    if (status !== 200) expect(JSON.parse(answer.text).errors).toMatchObject([{ path: 'timestamp' }]);
  });

  it('may be as old as the retention of its source', async () => {
    await using inbox = await startInbox({ retentionSeconds: HOUR });
    inbox.clock.now = NOW_SECONDS * 1000;
    const aged = (seconds: number) => signed(eventJson({ timestamp: NOW_SECONDS - seconds }));
    expect((await inbox.post(aged(HOUR + 1))).status).toBe(422);
    expect((await inbox.post(aged(HOUR))).status).toBe(200);
  });
});

it('The checks of a delivery run in the order of the contract', async () => {
  await using inbox = await startInbox({ maxBodyBytes: 1000 });
  const text = ['Content-Type', 'text/plain'] as const;
  const large = 'x'.repeat(1001);
  const status = async (request: Outgoing, path?: string) => (await inbox.post(request, path)).status;
  expect([
    await status({ body: large, headers: [text] }, '/webhooks/nobody'),
    await status({ body: large, headers: [text] }),
    await status({ body: '{', headers: [text] }),
    await status({ body: '{', headers: [json] }),
    await status(signed('{')),
    await status(signed('{}')),
    await status(signed(eventJson())),
  ]).toEqual([404, 413, 415, 401, 400, 422, 200]);
});

describe('A delivery', () => {
  it('is answered 503 with Retry-After if the table is missing', async () => {
    await using inbox = await startInbox();
    await inbox.dynamodb.client.send(new DeleteTableCommand({ TableName: TABLE_NAME }));
    const answer = await inbox.post(signed(eventJson()));
    expectProblem(answer, 503, 'temporarily_unavailable');
    expect(answer.text).not.toContain(TABLE_NAME);
    expect(inbox.reports).toMatchObject([
      { outcome: 'unavailable', source: 'partner', eventId: 'evt_1', reason: 'table_unavailable' },
    ]);
  });

  const unavailable =
    (unavailable: SecretUnavailable): ReadSecret =>
    async () => ({ unavailable });

  it.each([
    ['that is missing', 'secret_missing'],
    ['that is empty', 'secret_empty'],
    ['that is unreachable', 'secret_unreachable'],
  ] as const)('is answered 503 with a secret %s, and reported with its source', async (_, reason) => {
    const cause = new Error('arn:aws:secretsmanager:eu-west-1:111122223333:secret:partner');
    await using inbox = await startInbox({ readSecret: unavailable({ reason, cause }) });
    for (const request of [signed(eventJson()), signed(eventJson(), ''), under(json)]) {
      const answer = await inbox.post(request);
      expectProblem(answer, 503, 'temporarily_unavailable');
      expect(answer.text).not.toContain('arn:');
    }
    await expectNothingStored(inbox);
    expect(inbox.reports).toHaveLength(3);
    for (const report of inbox.reports) {
      expect(report).toMatchObject({ outcome: 'unavailable', source: 'partner', reason, status: 503 });
    }
  });

  it('that is rejected before its signature is verified needs no secret', async () => {
    await using inbox = await startInbox({ readSecret: unavailable({ reason: 'secret_missing' }) });
    expect((await inbox.post(signed(eventJson()), '/webhooks/nobody')).status).toBe(404);
    expect((await inbox.post({ body: eventJson() })).status).toBe(415);
  });

  it('is answered 500 without details after an unexpected error', async () => {
    const readSecret = async () => {
      throw new TypeError('marker of what went wrong');
    };
    await using inbox = await startInbox({ readSecret });
    const answer = await inbox.post(signed(eventJson()));
    expectProblem(answer, 500, 'internal_error');
    expect(answer.text).not.toContain('marker');
    expect(inbox.reports).toMatchObject([{ outcome: 'failed', source: 'partner', cause: { name: 'TypeError' } }]);
    await expectNothingStored(inbox);
  });
});

describe('The previous secret', () => {
  const acceptedUntil = NOW + 60_000;
  const rotated = async () => ({ secret: { current: SECRET, previous: { value: 'the old one', acceptedUntil } } });

  it('is accepted until its grace period ends, and its use is reported', async () => {
    await using inbox = await startInbox({ readSecret: rotated });
    const old = (event_id: string) => signed(eventJson({ event_id }), 'the old one');
    expect((await inbox.post(signed(eventJson()))).status).toBe(200);
    inbox.clock.now = acceptedUntil - 1;
    expect((await inbox.post(old('evt_2'))).status).toBe(200);
    inbox.clock.now = acceptedUntil;
    expectProblem(await inbox.post(old('evt_3')), 401, 'invalid_signature');
    expect((await inbox.post(signed(eventJson({ event_id: 'evt_4' })))).status).toBe(200);
    expect(inbox.reports.map(({ usedPreviousSecret }) => usedPreviousSecret)).toEqual([false, true, false, false]);
    expect(await inbox.items()).toHaveLength(3);
  });

  it('makes no third secret valid', async () => {
    await using inbox = await startInbox({ readSecret: rotated });
    expectProblem(await inbox.post(signed(eventJson(), 'a third one')), 401, 'invalid_signature');
    expect(inbox.reports).toMatchObject([{ usedPreviousSecret: false, reason: 'mismatch' }]);
  });
});

describe('A rotation of a secret', () => {
  /** A secret that can be rotated, and the number of its reads. */
  function rotatable() {
    const kept = { current: SECRET, reads: 0 };
    const readSecret = async (): Promise<{ secret: SigningSecret }> => {
      kept.reads += 1;
      return { secret: { current: kept.current } };
    };
    return { kept, readSecret };
  }

  it('takes effect with the first signature that does not match', async () => {
    const { kept, readSecret } = rotatable();
    await using inbox = await startInbox({ readSecret });
    await inbox.post(signed(eventJson()));
    inbox.clock.now += 60_000;
    kept.current = 'the new one';
    expect((await inbox.post(signed(eventJson({ event_id: 'evt_2' }), 'the new one'))).status).toBe(200);
    expectProblem(await inbox.post(signed(eventJson({ event_id: 'evt_3' }))), 401, 'invalid_signature');
    expect(kept.reads).toBe(2);
  });

  it('is looked for at most every 2 seconds, however many signatures are forged', async () => {
    const { kept, readSecret } = rotatable();
    await using inbox = await startInbox({ readSecret });
    const forge = () => Promise.all(Array.from({ length: 20 }, () => inbox.post(signed(eventJson(), 'forged'))));
    await inbox.post(signed(eventJson()));
    expect(kept.reads).toBe(1);
    inbox.clock.now += 1_999;
    await forge();
    expect(kept.reads).toBe(1);
    inbox.clock.now += 1;
    await forge();
    await forge();
    expect(kept.reads).toBe(2);
    inbox.clock.now += 2_000;
    const answers = await forge();
    expect(kept.reads).toBe(3);
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([401]));
  });

  it('is not looked for if no secret could match the signature', async () => {
    const { kept, readSecret } = rotatable();
    await using inbox = await startInbox({ readSecret });
    await inbox.post(signed(eventJson()));
    inbox.clock.now += 60_000;
    await inbox.post(under(json));
    await inbox.post(under(json, ['X-Signature', 'sha256=00']));
    expect(kept.reads).toBe(1);
  });

  it('of one source does not change the secret of another', async () => {
    const readSecret: ReadSecret = async (source) => ({ secret: { current: `${source}-secret` } });
    await using inbox = await startInbox({ readSecret });
    expect((await inbox.post(signed(eventJson(), 'partner-secret'))).status).toBe(200);
    expect((await inbox.post(signed(eventJson(), 'partner-secret'), '/webhooks/other')).status).toBe(401);
    expect((await inbox.post(signed(eventJson(), 'other-secret'), '/webhooks/other')).status).toBe(200);
  });
});
