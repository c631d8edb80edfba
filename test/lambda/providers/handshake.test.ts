import { describe, expect, it } from '@jest/globals';
import { jsonAnswer, plainToken } from '../../../lambda/providers/handshake.ts';

describe('Text that a handshake sends back', () => {
  it('is what a provider sends as a challenge, up to its length', () => {
    for (const text of ['Az09_+/=.~:@ -', 'a', 'a'.repeat(256)]) expect(plainToken(text)).toBe(text);
    expect(plainToken('a'.repeat(8), 8)).toBe('a'.repeat(8));
  });

  it.each([
    ['longer', 'a'.repeat(257)],
    ['empty', ''],
    ['markup before other text', '<b>text'],
    ['markup after other text', 'text<b>'],
    ['markup between other text', 'text<b>text'],
    ['JSON before other text', '{}text'],
    ['two lines', 'text\ntext'],
    ['a line with its end', 'text\n'],
    ['a letter beyond ASCII', 'é'],
    ['a list', ['text']],
    ['a number', 7],
    ['missing', undefined],
  ])('is not %s', (_, value) => {
    expect(plainToken(value)).toBeUndefined();
  });
});

describe('A response in JSON', () => {
  it('says so in its content type', () => {
    expect(jsonAnswer({ a: 1 })).toEqual({ status: 200, contentType: 'application/json', body: '{"a":1}' });
  });
});
