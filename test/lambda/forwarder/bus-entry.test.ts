import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { MAX_REQUEST_BYTES, toBusEntry, withoutPayload } from '../../../lambda/forwarder/bus-entry.ts';
import { incompressibleText } from '../../support/generic-event.ts';
import { storedItem } from '../../support/stream.ts';

const STORES = { tableName: 'the-table', payloadBucketName: 'the-bucket' };

const entryOf = (...changes: Parameters<typeof storedItem>) => toBusEntry(storedItem(...changes), STORES);

/** The size of an entry as EventBridge documents it. */
const bytesOf = ({ source, detailType, detail }: ReturnType<typeof toBusEntry>) =>
  14 + [source, detailType, detail].reduce((sum, part) => sum + Buffer.byteLength(part), 0);

describe('The bus entry of an event', () => {
  it('holds its metadata and its payload, and no attribute that only the table needs', () => {
    const { payload_sha256 } = storedItem();
    const { detail, ...entry } = entryOf();
    expect(entry).toEqual({
      source: 'webhook-inbox.partner',
      detailType: 'invoice.paid',
      time: new Date('2026-03-01T12:00:00.250Z'),
    });
    expect(JSON.parse(detail)).toEqual({
      id: 'partner#evt_1',
      source: 'partner',
      provider: 'generic',
      event_id: 'evt_1',
      event_type: 'invoice.paid',
      occurred_at: '2026-03-01T11:59:00.000Z',
      received_at: '2026-03-01T12:00:00.250Z',
      data: { user_id: 'user_42' },
      payload: { event_id: 'evt_1' },
      payload_sha256,
    });
  });

  it.each([
    ['integers beyond those of JavaScript', '{"n":9007199254740993}'],
    ['the largest and the smallest integer of 64 bits', '[9223372036854775807,-9223372036854775808]'],
    [
      'long digits in a string, a fraction and an exponent',
      '{"id":"12345678901234567890123","n":[1.00000000000000000000,1e30]}',
    ],
    ['numbers that a JSON writer would not choose', '{"amount":1.0e+00,"price":12.50}'],
    ['white space and a repeated key', ' {\n "a": 1,\t"a": 2 } '],
    ['escapes', '{"text":"\\u0075\\ud83e\\uDD89 \\/ 🦉 \\\\ud83e"}'],
    ['a list', '[1,2,3]'],
    ['a string', '"text"'],
    ['null', 'null'],
  ])('holds a payload in JSON character for character: %s', (_, payload) => {
    const { detail } = entryOf({ payload });
    expect(detail).toContain(`,"payload":${payload}}`);
    expect(JSON.parse(detail).payload).toEqual(JSON.parse(payload));
  });

  it.each([
    ['an integer above 64 bits', '{"a":[{"n": 9223372036854775808}]}'],
    ['an integer below 64 bits', '{"n":-9223372036854775809}'],
    ['a very long integer', `[${'9'.repeat(100_000)}]`],
    [
      'an integer beyond 64 bits after a string that ends in a backslash',
      String.raw`{"\\":"\\","n":12345678901234567890}`,
    ],
    ['half a surrogate pair', String.raw`{"text":"owl \ud83e"}`],
    ['half a surrogate pair in a name', String.raw`{"\uDD89":1}`],
  ])('holds JSON that EventBridge does not take as text, character for character: %s', (_, payload) => {
    const detail = JSON.parse(entryOf({ payload }).detail);
    expect(detail).toMatchObject({ event_id: 'evt_1', payload_text: payload });
    expect(detail).not.toHaveProperty('payload');
    expect(detail).not.toHaveProperty('payload_omitted');
  });

  it.each([
    ['a form', 'CallSid=CA1&Body=%22hello%22'],
    ['text that begins with JSON', '{"a":1}&b=2'],
    ['an empty payload', ''],
    ['text that would close the string', '"},"event_id":"other'],
  ])('holds a payload that is not JSON as a string: %s', (_, payload) => {
    expect(JSON.parse(entryOf({ payload }).detail)).toMatchObject({ event_id: 'evt_1', payload });
  });

  it('holds a compressed payload decompressed', () => {
    const payload = `{"more":"${'🦉'.repeat(2_000)}","id":9007199254740993}`;
    const { detail } = entryOf({ payload: gzipSync(payload), payload_encoding: 'gzip' });
    expect(detail).toContain(`,"payload":${payload}}`);
    expect(JSON.parse(detail)).not.toHaveProperty('payload_encoding');
  });

  it('has the detail type "event" where the event has no type', () => {
    const { event_type, ...item } = storedItem();
    expect(toBusEntry(item, STORES).detailType).toBe('event');
  });

  it('cuts a long type to the 128 characters of EventBridge, and has all of it in the detail', () => {
    const event_type = `${'t'.repeat(128)}u`;
    const { detailType, detail } = entryOf({ event_type });
    expect(detailType).toBe('t'.repeat(128));
    expect(JSON.parse(detail)).toMatchObject({ event_type });
  });

  it('replaces a character that the cut of a long type would halve', () => {
    const { detailType } = entryOf({ event_type: `${'t'.repeat(127)}🦉` });
    expect(detailType).toBe(`${'t'.repeat(127)}\ufffd`);
  });
});

describe('The payload of a bus entry', () => {
  const room = MAX_REQUEST_BYTES - bytesOf(entryOf({ payload: '""' }));
  const filling = (bytes: number) => `"${incompressibleText(bytes)}"`;

  it('is there if the entry is 8 KiB below the 1 MB of EventBridge', () => {
    const entry = entryOf({ payload: filling(room) });
    expect(bytesOf(entry)).toBe(1_000_000 - 8_192);
    expect(entry.detail).not.toContain('payload_omitted');
  });

  it('is replaced with the name of the table if the entry has one byte more', () => {
    const { detail, ...entry } = entryOf({ payload: filling(room + 1) });
    const { payload, expires_at, ...metadata } = storedItem({ payload: filling(room + 1) });
    expect(JSON.parse(detail)).toEqual({ ...metadata, payload_omitted: true, table: 'the-table' });
    expect(entry).toMatchObject({ source: 'webhook-inbox.partner', detailType: 'invoice.paid' });
  });

  it('is replaced with the name of the table if it is not UTF-8, so that no byte of it becomes another', () => {
    const payload = gzipSync(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]));
    const { detail } = entryOf({ payload, payload_encoding: 'gzip' });
    expect(JSON.parse(detail)).toMatchObject({ event_id: 'evt_1', payload_omitted: true, table: 'the-table' });
    expect(detail).not.toMatch(/"payload(_text)?":|\ufffd/);
  });

  it('is measured with the escapes that it has as text', () => {
    const integer = '[12345678901234567890,';
    const payload = `${integer}"${'\\n'.repeat((MAX_REQUEST_BYTES - 1_000) / 2)}"]`;
    expect(JSON.parse(entryOf({ payload }).detail)).toMatchObject({ payload_omitted: true });
  });

  it('is measured in bytes after decompression', () => {
    const payload = gzipSync(`"${'🦉'.repeat(MAX_REQUEST_BYTES / 4)}"`);
    const { detail } = entryOf({ payload, payload_encoding: 'gzip' });
    expect(JSON.parse(detail)).toMatchObject({ payload_omitted: true });
  });
});

describe('The entry of an event without its payload', () => {
  it('has the metadata and the name of the table, for an event that the bus refused', () => {
    const { payload, expires_at, ...metadata } = storedItem();
    const { detail, ...entry } = withoutPayload(storedItem(), STORES);
    expect(JSON.parse(detail)).toEqual({ ...metadata, payload_omitted: true, table: 'the-table' });
    expect(entry).toMatchObject({ source: 'webhook-inbox.partner', detailType: 'invoice.paid' });
  });
});

describe('The entry of an event whose payload is in the payload bucket', () => {
  it('names the object and the bucket in place of the payload', () => {
    const { payload: _, expires_at, ...rest } = storedItem();
    const item = { ...rest, expires_at, payload_object: 'partner/0a1b', payload_encoding: 'gzip' } as const;
    const { detail, ...entry } = toBusEntry(item, STORES);
    expect(JSON.parse(detail)).toEqual({
      ...rest,
      payload_object: 'partner/0a1b',
      payload_encoding: 'gzip',
      payload_omitted: true,
      bucket: 'the-bucket',
    });
    expect(entry).toMatchObject({ source: 'webhook-inbox.partner', detailType: 'invoice.paid' });
  });
});
