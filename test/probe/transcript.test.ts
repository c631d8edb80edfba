import { describe, expect, it } from '@jest/globals';
import { toExchange } from '../../probe/transcript.ts';
import type { WireRequest } from '../../probe/wire.ts';

const secrets = new Set(['the secret']);
const signatures = new Set(['0123456789abcdef']);
const headers = new Set(['x-signature']);
const request = {
  method: 'POST',
  path: '/',
  headers: [['X-Signature', 'sha256=0123456789abcdef'] as const],
  body: Buffer.from('the secret and 0123456789abcdef'),
};
const response = { status: 500, headers: [], text: 'the secret, 0123456789abcdef\u001b', milliseconds: 1 };

const url = new URL('https://inbox.example/');
const observation = { what: 'a request', expected: undefined, response };
const sending = { url, request, genuine: undefined, unmarked: [] };
const record = (isInBody: boolean, sent: WireRequest = request) =>
  toExchange(observation, { ...sending, request: sent }, { secrets, signatures, headers, tokens: new Set(), isInBody });

describe('a recorded request', () => {
  it('does not contain the secret or a valid signature', () => {
    expect(record(false).request).toBe('POST /\nX-Signature: sha256=01234… (23 characters)\n\n… and 012345…');
  });

  it('does not contain a body or a query string that contains the signature', () => {
    const exchange = record(true, { ...request, path: '/?signature=0123456789abcdef' });
    expect(exchange.request).toBe(
      'POST /?…\nX-Signature: sha256=01234… (23 characters)\n\n31 bytes, which may contain the signature',
    );
    expect(exchange.command.text).toBeUndefined();
  });

  it('shows bytes that are not UTF-8 as escapes', () => {
    const body = Buffer.from([0x7b, 0xff, 0xc3, 0x7d]);
    const sent = { ...request, headers: [['X-Signature', 'a\xff'] as const], body };
    expect(record(false, sent).request).toBe('POST /\nX-Signature: a\\xff\n\n{\\xff\\xc3}');
  });

  it('has a bounded number of headers', () => {
    const many = Array.from({ length: 200 }, (_, index) => [`X-${index}`, 'x'.repeat(94)] as const);
    expect(record(false, { ...request, headers: many }).request).toMatch(/\nX-14: x+\n… and 185 more headers\n/);
  });
});

describe('a recorded response', () => {
  it('does not contain the secret, a valid signature or a control character', () => {
    expect(record(false).response).toBe('500 Internal Server Error\n\n…, 012345…\\x1b');
  });
});
