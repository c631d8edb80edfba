import { describe, expect, it } from '@jest/globals';
import { toExchange } from '../../probe/transcript.ts';

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

describe('a recorded request', () => {
  it('does not contain the secret or a valid signature', () => {
    const exchange = toExchange('a request', request, response, { secrets, signatures, headers, isInBody: false });
    expect(exchange.request).toBe('POST /\nX-Signature: sha256=01234…\n\n… and 012345…');
  });

  it('does not contain a body that contains the signature', () => {
    const exchange = toExchange('a request', request, response, { secrets, signatures, headers, isInBody: true });
    expect(exchange.request).toBe('POST /\nX-Signature: sha256=01234…\n\n31 bytes, which contain the signature');
  });
});

describe('a recorded response', () => {
  it('does not contain the secret, a valid signature or a control character', () => {
    const exchange = toExchange('a request', request, response, { secrets, signatures, headers, isInBody: false });
    expect(exchange.response).toBe('500\n\n…, 012345…\\x1b');
  });
});
