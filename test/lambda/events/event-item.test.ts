import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { eventJson, incompressibleText, NOW, signed } from '../../support/generic-event.ts';
import { startInbox } from '../../support/inbox.ts';

const NOW_SECONDS = Math.floor(NOW / 1000);
const DAY = 24 * 3600;

const sha256 = (bytes: Buffer | string) => createHash('sha256').update(bytes).digest('hex');

/** Stores one event and returns its item as DynamoDB types it. */
async function itemOf(body: Buffer | string) {
  await using inbox = await startInbox();
  expect((await inbox.post(signed(body))).status).toBe(200);
  const [item, ...more] = await inbox.items();
  expect(more).toEqual([]);
  return item ?? {};
}

describe('The item of an event', () => {
  it('has exactly the attributes of the contract, with their types', async () => {
    const body = `{
      "event_id": "evt_1", "user_id": "user_42", "action": "invoice.paid",
      "timestamp": ${NOW_SECONDS - 60}, "amount": 12.50, "lines": [{"sku": "a"}]
    }`;
    expect(await itemOf(body)).toEqual({
      id: { S: 'partner#evt_1' },
      source: { S: 'partner' },
      provider: { S: 'generic' },
      event_id: { S: 'evt_1' },
      event_type: { S: 'invoice.paid' },
      occurred_at: { S: '2026-03-01T11:59:00.000Z' },
      received_at: { S: '2026-03-01T12:00:00.250Z' },
      expires_at: { N: String(NOW_SECONDS + 30 * DAY) },
      data: {
        M: { user_id: { S: 'user_42' }, action: { S: 'invoice.paid' }, timestamp: { N: String(NOW_SECONDS - 60) } },
      },
      payload: { S: body },
      payload_sha256: { S: sha256(body) },
    });
  });

  it('expires a retention after the signed time of the event, if that is later than its arrival', async () => {
    const { expires_at } = await itemOf(eventJson({ timestamp: NOW_SECONDS + 300 }));
    expect(expires_at).toEqual({ N: String(NOW_SECONDS + 300 + 30 * DAY) });
  });

  it('expires after the retention of its source', async () => {
    await using inbox = await startInbox({ retentionSeconds: DAY });
    await inbox.post(signed(eventJson()));
    expect(await inbox.items()).toMatchObject([{ expires_at: { N: String(NOW_SECONDS + DAY) } }]);
  });

  it.each([
    ['emoji and letters of every length', eventJson({ user_id: '🦉é漢a', more: '\u2028 \u0000 \u{10ffff}' })],
    ['odd white space', ` \t\r\n${eventJson()}\r\n\n \t`],
    ['escapes that a JSON writer would not choose', String(eventJson()).replace('user', '\\u0075\\u0073er')],
    ['numbers that a JSON writer would not choose', String(eventJson({ more: 1 })).replace('1}', '1.0e+00}')],
    ['a repeated key', String(eventJson()).replace('{', '{"action":"first",')],
    [
      'half a surrogate pair in a field that is not in the schema',
      String(eventJson({ more: 'x' })).replace('"x"', '"\\ud83d"'),
    ],
  ])('holds the payload byte for byte: %s', async (_, body) => {
    const { payload, payload_sha256 } = await itemOf(body);
    expect(Buffer.from(payload?.S ?? '')).toEqual(Buffer.from(body));
    expect(payload_sha256).toEqual({ S: sha256(body) });
  });
});

describe('A payload', () => {
  it('is compressed where that saves write units, and decompresses to the same bytes', async () => {
    const body = eventJson({ more: '🦉 and the like '.repeat(100) });
    const { payload, payload_encoding, payload_sha256 } = await itemOf(body);
    expect(payload_encoding).toEqual({ S: 'gzip' });
    expect(gunzipSync(payload?.B ?? '')).toEqual(body);
    expect(payload_sha256).toEqual({ S: sha256(body) });
  });

  it('is stored as text where it is small', async () => {
    const body = eventJson({ more: 'x'.repeat(400) });
    const { payload, payload_encoding } = await itemOf(body);
    expect(payload).toEqual({ S: String(body) });
    expect(payload_encoding).toBeUndefined();
  });

  it('is stored as text where compression would save no write unit', async () => {
    const body = eventJson({ more: incompressibleText(1_400) });
    const { payload, payload_encoding } = await itemOf(body);
    expect(payload).toEqual({ S: String(body) });
    expect(payload_encoding).toBeUndefined();
  });

  it('that is compressed is a duplicate of itself and conflicts with another under the same id', async () => {
    await using inbox = await startInbox();
    const large = (more: string) => signed(eventJson({ more: more.repeat(5_000) }));
    await inbox.post(large('x'));
    expect(JSON.parse((await inbox.post(large('x'))).text)).toMatchObject({ status: 'duplicate' });
    expect((await inbox.post(large('y'))).status).toBe(409);
  });
});
