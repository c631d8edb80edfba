import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { itemBytes, MAX_ITEM_BYTES } from '../../../lambda/payloads/item-bytes.ts';
import { eventJson, incompressibleText, signed } from '../../support/generic-event.ts';
import { startInbox, TABLE_NAME } from '../../support/inbox.ts';

describe('The size of a value', () => {
  it.each([
    ['text', 'abc', 3],
    ['text in bytes, not in characters', 'é🦉', 6],
    ['bytes', new Uint8Array(5), 5],
    ['a number, at most', 1, 21],
    ['true', true, 1],
    ['null', null, 1],
    ['a value that is left out', undefined, 1],
    ['an empty list', [], 3],
    ['a list, with a byte per element', ['ab', 'c'], 3 + 3 + 2],
    ['an empty map', {}, 3],
    ['a map, with its names and a byte per field', { é: 'ab' }, 3 + 2 + 1 + 2],
    ['a map in a list', [{ a: [] }], 3 + 1 + (3 + 1 + 1 + 3)],
  ])('is that of %s', (_, value, bytes) => {
    expect(itemBytes(value)).toBe(bytes);
  });
});

describe('The size of an item', () => {
  const data = { list: ['a', { b: -1.5e-10, c: null }], flag: true, text: 'é🦉', amount: 123_456_789_012_345 };

  it('is never smaller than what DynamoDB counts', async () => {
    await using inbox = await startInbox();
    const base = { id: 'a', data, payload: '' };
    const room = MAX_ITEM_BYTES - itemBytes(base);
    const put = async (bytes: number) => {
      const Item = marshall({ ...base, payload: 'x'.repeat(bytes) });
      await inbox.dynamodb.client.send(new PutItemCommand({ TableName: TABLE_NAME, Item }));
    };
    await expect(put(room)).resolves.toBeUndefined();
    await expect(put(room + 200)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('decides whether DynamoDB is sent the payload or the name of its object: it takes every item', async () => {
    await using inbox = await startInbox();
    const lengths = Array.from({ length: 9 }, (_, index) => 543_000 + index * 250);
    for (const length of lengths) {
      const body = eventJson({ event_id: `evt_${length}`, more: incompressibleText(length) });
      expect((await inbox.post(signed(body))).status).toBe(200);
    }
    const items = await inbox.items();
    expect(items).toHaveLength(lengths.length);
    expect(items.filter(({ payload }) => payload)).not.toEqual([]);
    expect(inbox.objects.size).toBe(items.filter(({ payload_object }) => payload_object).length);
    expect(inbox.objects.size).toBeGreaterThan(0);
  });
});
