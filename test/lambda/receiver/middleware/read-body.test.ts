import { describe, expect, it } from '@jest/globals';
import { toSource } from '../../../../lambda/receiver/config.ts';
import { readBody } from '../../../../lambda/receiver/middleware/read-body.ts';
import { halfway, run } from '../../../support/middleware.ts';

const source = toSource('partner', { provider: 'generic', maxBodyBytes: 8 });

function read(text: string, isBase64: boolean): Buffer {
  const delivery = halfway({ source, transferred: { text, isBase64 } });
  run(readBody(), delivery);
  return delivery.body;
}

describe('A body', () => {
  it.each([
    ['base64', 'w6niguw=', true, 'c3a9e282ec'],
    ['as many bytes as the source accepts', 'AAECAwQFBgc=', true, '0001020304050607'],
    ['base64 with two letters of padding', '/w==', true, 'ff'],
    ['no bytes', '', true, ''],
    ['text, as UTF-8', 'é€ab', false, 'c3a9e282ac6162'],
    ['text that looks like base64', 'YWJj', false, '59574a6a'],
  ])('is read: %s', (_, text, isBase64, hex) => {
    expect(read(text, isBase64).toString('hex')).toBe(hex);
  });

  it.each([
    ['more bytes than the source accepts', 'AAECAwQFBgcI', true, 'payload_too_large', 'over_source_limit'],
    ['more bytes than the source accepts, in fewer characters', '€€€', false, 'payload_too_large', 'over_source_limit'],
    ['base64 with its end cut off', 'AAE', true, 'malformed_body', 'not_base64'],
    ['characters outside of base64', '*AE=', true, 'malformed_body', 'not_base64'],
  ])('is rejected: %s', (_, text, isBase64, code, reason) => {
    expect(() => read(text, isBase64)).toThrow(expect.objectContaining({ code, reason }));
  });
});
