import { describe, expect, it } from '@jest/globals';
import { newItem } from '../../../lambda/forwarder/stored-item.ts';
import { storedItem, streamRecord } from '../../support/stream.ts';

const item = storedItem();

describe('a new event', () => {
  it('is one that was inserted', () => {
    expect(newItem(streamRecord({ item }))).toEqual(item);
  });

  it('is one in the place of another that had expired', () => {
    const old = storedItem({ received_at: '2026-01-01T12:00:00.000Z' });
    expect(newItem(streamRecord({ eventName: 'MODIFY', item, old }))).toEqual(item);
  });

  it('is none that was edited by hand', () => {
    const edited = storedItem({ data: { user_id: 'user_43' } });
    expect(newItem(streamRecord({ eventName: 'MODIFY', item: edited, old: item }))).toBeUndefined();
  });

  it('is none that was deleted', () => {
    expect(newItem(streamRecord({ eventName: 'REMOVE', old: item }))).toBeUndefined();
  });

  it('is none where there is no image at all', () => {
    expect(newItem({})).toBeUndefined();
    expect(newItem({ dynamodb: {} })).toBeUndefined();
  });
});

describe('the bytes of a payload', () => {
  it('come out of base64 as they were', () => {
    const payload = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const stored = newItem(streamRecord({ item: storedItem({ payload, payload_encoding: 'gzip' }) }));
    expect(Buffer.from(stored?.payload ?? '')).toEqual(payload);
  });
});
