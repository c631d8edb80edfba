import { describe, expect, it } from '@jest/globals';
import { newItem } from '../../../lambda/forwarder/stored-item.ts';
import { storedItem, streamRecord } from '../../support/stream.ts';

const item = storedItem();

describe('A record of the stream', () => {
  it('holds a new event if its item was inserted', () => {
    expect(newItem(streamRecord({ item }))).toEqual(item);
  });

  it('holds a new event if its item replaced an expired one', () => {
    const old = storedItem({ received_at: '2026-01-01T12:00:00.000Z' });
    expect(newItem(streamRecord({ eventName: 'MODIFY', item, old }))).toEqual(item);
  });

  it('holds no new event if its item was edited by hand', () => {
    const edited = storedItem({ data: { user_id: 'user_43' } });
    expect(newItem(streamRecord({ eventName: 'MODIFY', item: edited, old: item }))).toBeUndefined();
  });

  it('holds no new event if its item was deleted', () => {
    expect(newItem(streamRecord({ eventName: 'REMOVE', old: item }))).toBeUndefined();
  });

  it('holds no new event without an image of the item', () => {
    expect(newItem({})).toBeUndefined();
    expect(newItem({ dynamodb: {} })).toBeUndefined();
  });
});

describe('A compressed payload', () => {
  it('has the same bytes after Lambda passed it on in base64', () => {
    const payload = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const stored = newItem(streamRecord({ item: storedItem({ payload, payload_encoding: 'gzip' }) }));
    expect(Buffer.from(stored?.payload ?? '')).toEqual(payload);
  });
});
