import { describe, expect, it } from '@jest/globals';
import { MAX_BODY_BYTES, MAX_READ_BODY_BYTES, readBody } from '../../../../lambda/receiver/middleware/read-body.ts';
import { toSource } from '../../../../lambda/receiver/registered-source.ts';
import type { Source } from '../../../../lambda/receiver/source.ts';
import { halfway, run } from '../../../support/middleware.ts';

const small = toSource('partner', { provider: 'generic', maxBodyBytes: 8 });
const unlimited = toSource('partner', { provider: 'generic' });

function read(text: string, isBase64: boolean, source = small): Buffer {
  const delivery = halfway({ source, transferred: { text, isBase64 } });
  run(readBody(), delivery);
  return delivery.body;
}

describe('The bytes of a body', () => {
  it.each([
    ['base64', 'w6niguw=', true, 'c3a9e282ec'],
    ['base64 of as many bytes as the source accepts', 'AAECAwQFBgc=', true, '0001020304050607'],
    ['base64 with two characters of padding', '/w==', true, 'ff'],
    ['nothing', '', true, ''],
    ['text, as UTF-8', 'é€ab', false, 'c3a9e282ac6162'],
    ['text that looks like base64', 'YWJj', false, '59574a6a'],
  ])('is read: %s', (_, text, isBase64, hex) => {
    expect(read(text, isBase64).toString('hex')).toBe(hex);
  });

  it.each([
    ['more bytes than the source accepts', 'AAECAwQFBgcI', true, 'payload_too_large', 'over_source_limit'],
    ['more bytes than the source accepts, in fewer characters', '€€€', false, 'payload_too_large', 'over_source_limit'],
    ['base64 that is cut short', 'AAE', true, 'malformed_body', 'not_base64'],
    ['characters that are not base64', '*AE=', true, 'malformed_body', 'not_base64'],
  ])('are rejected: %s', (_, text, isBase64, code, reason) => {
    expect(() => read(text, isBase64)).toThrow(expect.objectContaining({ code, reason }));
  });
});

describe('The default limit of a body', () => {
  /** A source whose provider reads the body to check the signature. */
  const reading: Source = {
    ...unlimited,
    provider: { ...unlimited.provider, signature: { ...unlimited.provider.signature, readsBody: () => true } },
  };

  it.each([
    ['4 MiB', 4 * 1024 * 1024, MAX_BODY_BYTES, unlimited],
    ['256 KiB if it must be read to check its signature', 256 * 1024, MAX_READ_BODY_BYTES, reading],
  ])('is %s', (_, expected, limit, source) => {
    expect(limit).toBe(expected);
    expect(read('x'.repeat(limit), false, source)).toHaveLength(limit);
    const rejection = expect.objectContaining({ code: 'payload_too_large' });
    expect(() => read('x'.repeat(limit + 1), false, source)).toThrow(rejection);
  });

  it('does not apply if the source sets its own', () => {
    const source = { ...reading, maxBodyBytes: MAX_READ_BODY_BYTES + 1 };
    expect(read('x'.repeat(MAX_READ_BODY_BYTES + 1), false, source)).toHaveLength(MAX_READ_BODY_BYTES + 1);
  });
});

describe('The body of a GET', () => {
  const get = (sendsQuery: boolean) => {
    const source = { ...unlimited, provider: { ...unlimited.provider, sendsQuery } };
    const delivery = halfway({ source, method: 'GET', query: new URLSearchParams('a=1&b=x+y') });
    run(readBody(), delivery);
    return String(delivery.body);
  };

  it('is the query string, if the provider sends events so', () => {
    expect(get(true)).toBe('a=1&b=x+y');
  });

  it('is empty for the other providers', () => {
    expect(get(false)).toBe('');
  });
});
