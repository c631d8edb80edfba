import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { type InvalidEvent, toQuarantineItem } from '../../../lambda/quarantine/quarantine-item.ts';
import { incompressibleText } from '../../support/generic-event.ts';

const RECEIVED_AT = Date.parse('2026-03-01T12:00:00.250Z');

const invalid: InvalidEvent = {
  source: 'shop',
  provider: 'shopify',
  reason: 'no_event_id',
  issues: [{ path: 'X-Shopify-Webhook-Id', expected: 'event id' }],
  receivedAt: RECEIVED_AT,
  headers: { 'content-type': 'application/json', 'x-shopify-topic': 'orders/create' },
  payload: Buffer.from('{"id":1}'),
};

const sha256 = (payload: Buffer | string) => createHash('sha256').update(payload).digest('hex');

describe('The item of an invalid event', () => {
  it('holds what the contract lists, and nothing else', () => {
    const payload_sha256 = sha256('{"id":1}');
    expect(toQuarantineItem(invalid)).toEqual({
      item: {
        id: `shop#${payload_sha256}`,
        source: 'shop',
        provider: 'shopify',
        reason: 'no_event_id',
        issues: [{ path: 'X-Shopify-Webhook-Id', expected: 'event id' }],
        received_at: '2026-03-01T12:00:00.250Z',
        expires_at: Math.floor(RECEIVED_AT / 1000) + 14 * 24 * 3600,
        headers: { 'content-type': 'application/json', 'x-shopify-topic': 'orders/create' },
        payload: '{"id":1}',
        payload_sha256,
      },
    });
  });

  it('has the event id if it is known', () => {
    expect(toQuarantineItem({ ...invalid, eventId: 'evt_1' }).item).toMatchObject({ event_id: 'evt_1' });
  });

  it('has bytes that are not text compressed', () => {
    const payload = Buffer.from([0xff]);
    expect(toQuarantineItem({ ...invalid, reason: 'not_utf8', payload }).item).toMatchObject({
      payload: gzipSync(payload),
      payload_encoding: 'gzip',
    });
  });

  it('names an object of the payload bucket if the payload is too large for it', () => {
    const payload = Buffer.from(incompressibleText(1_000_000));
    const { item, object } = toQuarantineItem({ ...invalid, payload });
    expect(object?.key).toBe(`shop/${sha256(payload)}`);
    expect(item).toMatchObject({ payload_object: object?.key, payload_encoding: 'gzip' });
    expect(item).not.toHaveProperty('payload');
  });
});
