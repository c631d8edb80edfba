import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { compareConflict } from '../../../lambda/events/compare-payloads.ts';

const sha256 = (payload: string) => createHash('sha256').update(payload).digest('hex');

const fieldsThatDiffer = (received: string, stored: string) => {
  return compareConflict(Buffer.from(received), { payload: stored, payload_sha256: '' }).differingFields;
};

describe('The details of a conflict', () => {
  it('are the hashes of both payloads, and the top-level fields that differ', () => {
    const [stored, received] = ['{"a":1,"b":{"c":2},"d":3}', '{"a":1,"b":{"c":4},"e":5}'];
    const item = { payload: stored, payload_sha256: sha256(stored) };
    expect(compareConflict(Buffer.from(received), item)).toEqual({
      storedSha256: sha256(stored),
      receivedSha256: sha256(received),
      differingFields: ['b', 'd', 'e'],
    });
  });

  it('are the same for a stored payload that is compressed', () => {
    const item = { payload: gzipSync('{"a":1}'), payload_encoding: 'gzip', payload_sha256: 'aa' } as const;
    expect(compareConflict(Buffer.from('{"a":2}'), item)).toMatchObject({ differingFields: ['a'] });
  });

  it('name no field if the payloads differ only in how the same values are written', () => {
    expect(fieldsThatDiffer('{ "a": 1.0 }', '{"a":1}')).toEqual([]);
  });

  it.each([
    ['is in the payload bucket', { payload_object: 'partner/aa', payload_encoding: 'gzip', payload_sha256: 'aa' }],
    ['cannot be decompressed', { payload: Buffer.from('x'), payload_encoding: 'gzip', payload_sha256: 'aa' }],
    ['is a list', { payload: '[1]', payload_sha256: 'aa' }],
    ['is null', { payload: 'null', payload_sha256: 'aa' }],
    ['is a form', { payload: 'a=1', payload_sha256: 'aa' }],
  ] as const)('do not tell which fields differ if the stored payload %s', (_, stored) => {
    expect(compareConflict(Buffer.from('{"a":1}'), stored)).toEqual({
      storedSha256: 'aa',
      receivedSha256: sha256('{"a":1}'),
      differingFields: undefined,
    });
  });

  it('do not tell which fields differ if the received payload is not a JSON object', () => {
    expect(fieldsThatDiffer('a=1', '{"a":1}')).toBeUndefined();
  });

  it('are there without a stored payload', () => {
    const none = { storedSha256: undefined, receivedSha256: sha256('{}'), differingFields: undefined };
    expect(compareConflict(Buffer.from('{}'), {})).toEqual(none);
  });

  it('are bounded: 20 names of 64 characters', () => {
    const many = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`${index}`.repeat(100), 1]));
    const names = fieldsThatDiffer(JSON.stringify(many), '{}') ?? [];
    expect(names).toHaveLength(20);
    expect(names.every((name) => name.length === 64)).toBe(true);
  });
});
