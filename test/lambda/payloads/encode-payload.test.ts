import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { decodePayload } from '../../../lambda/payloads/decode-payload.ts';
import { encodePayload } from '../../../lambda/payloads/encode-payload.ts';
import { MAX_ITEM_BYTES } from '../../../lambda/payloads/item-bytes.ts';
import type { EncodedPayload } from '../../../lambda/payloads/payload.ts';
import { incompressibleText } from '../../support/generic-event.ts';

const encode = (payload: Buffer | string, otherBytes = 300) => {
  return encodePayload(Buffer.from(payload), { source: 'partner', otherBytes });
};

const sha256 = (payload: Buffer | string) => createHash('sha256').update(payload).digest('hex');

/** What DynamoDB counts for the attributes of a payload: their names, and the bytes of their values. */
function bytesOf({ attributes }: EncodedPayload): number {
  const sizes = Object.entries(attributes).map(([name, value]) => name.length + Buffer.from(value).length);
  return sizes.reduce((sum, size) => sum + size, 0);
}

const units = (bytes: number) => Math.ceil(bytes / 1024);

const notUtf8 = Buffer.from([0x22, 0xff, 0x22]);

describe('A payload', () => {
  it.each([
    ['is small', 'x'.repeat(400)],
    ['would not save a write unit when compressed', incompressibleText(1_400)],
    ['is empty', ''],
  ])('is stored as text if it %s', (_, payload) => {
    expect(encode(payload)).toEqual({ attributes: { payload, payload_sha256: sha256(payload) } });
  });

  it('is stored compressed if that saves write units', () => {
    const payload = 'x'.repeat(10_000);
    const { attributes, object } = encode(payload);
    expect(object).toBeUndefined();
    expect(attributes).toEqual({
      payload: gzipSync(payload),
      payload_encoding: 'gzip',
      payload_sha256: sha256(payload),
    });
  });

  it('is stored compressed if it is not UTF-8, because an attribute holds text or bytes', () => {
    expect(encode(notUtf8).attributes).toMatchObject({ payload: gzipSync(notUtf8), payload_encoding: 'gzip' });
  });

  it('never takes more write units than it would as text', () => {
    for (let length = 0; length < 6_000; length += 37) {
      for (const payload of [
        incompressibleText(length),
        `${incompressibleText(length / 2)}${'x'.repeat(length / 2)}`,
      ]) {
        const plain = 300 + 'payload'.length + 'payload_sha256'.length + 64 + payload.length;
        expect(units(300 + bytesOf(encode(payload)))).toBeLessThanOrEqual(units(plain));
      }
    }
  });

  it.each([
    ['text', 'é🦉'],
    ['compressed text', 'é🦉'.repeat(2_000)],
    ['bytes that are not UTF-8', notUtf8],
    ['nothing', ''],
  ])('comes back byte for byte: %s', (_, payload) => {
    expect(decodePayload(encode(payload).attributes)).toEqual(Buffer.from(payload));
  });
});

describe('A payload that is too large for an item', () => {
  const large = incompressibleText(1_000_000);

  it('becomes an object that is named by its source and content, and the item names the object in its place', () => {
    const key = `partner/${sha256(large)}`;
    const { attributes, object } = encode(large);
    expect(attributes).toEqual({ payload_object: key, payload_encoding: 'gzip', payload_sha256: sha256(large) });
    expect(object?.key).toBe(key);
    expect(gunzipSync(object?.bytes ?? '').toString()).toBe(large);
  });

  it('comes back byte for byte with the content of its object, and not without it', () => {
    const { attributes, object } = encode(large);
    expect(decodePayload(attributes, object?.bytes)?.toString()).toBe(large);
    expect(decodePayload(attributes)).toBeUndefined();
  });

  it('stays in the item if it fits when compressed', () => {
    const { attributes, object } = encode('x'.repeat(4 * 1024 * 1024));
    expect(object).toBeUndefined();
    expect(attributes.payload_encoding).toBe('gzip');
  });

  it('is one from the first byte on with which the item would exceed 400 KB, whatever else the item holds', () => {
    for (const otherBytes of [0, 300, 50_000, MAX_ITEM_BYTES]) {
      for (const payload of [large.slice(0, 450_000), large.slice(0, 545_000), large.slice(0, 550_000)]) {
        const compressed = gzipSync(payload).length;
        const inItem = {
          attributes: { payload: Buffer.alloc(compressed), payload_encoding: 'gzip', payload_sha256: sha256(payload) },
        } as const;
        const fits = otherBytes + bytesOf(inItem) <= 400 * 1024;
        expect(encode(payload, otherBytes).object === undefined).toBe(fits);
      }
    }
  });
});

it('An item without a payload has none', () => {
  expect(decodePayload({})).toBeUndefined();
});

it('A payload that no item could hold has a key under the prefix, if there is one', () => {
  const bytes = Buffer.from(incompressibleText(MAX_ITEM_BYTES * 2));
  const keyWith = (prefix?: string) => encodePayload(bytes, { source: 'partner', prefix, otherBytes: 300 }).object?.key;
  expect([keyWith(), keyWith('webhooks/')]).toEqual([`partner/${sha256(bytes)}`, `webhooks/partner/${sha256(bytes)}`]);
});
