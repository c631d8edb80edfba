import { describe, expect, it } from '@jest/globals';
import { inHeaders } from '../../../lambda/signature/carrier.ts';
import { signedBy } from '../../../lambda/signature/signed-by.ts';
import { milliseconds } from '../../../lambda/signature/signed-time.ts';
import { withTimeInBody } from '../../../lambda/signature/time-in-body.ts';
import { token } from '../../../lambda/signature/token.ts';
import { plainContext, plainRequest } from '../../support/plain-request.ts';

const scheme = withTimeInBody(signedBy({ carrier: inHeaders({ signature: 'x-token' }), algorithm: token }), {
  path: ['at'],
  format: milliseconds,
  toleranceSeconds: 60,
});
const verdict = (body: string, sent = 'secret') =>
  scheme.verify(plainRequest(body, { 'x-token': sent }), { ...plainContext, now: 100_000, secret: 'secret' });

describe('A signed time in the body', () => {
  it.each([
    ['valid', '{"at":100000}'],
    ['valid', '{"at":40000}'],
    ['outside_tolerance', '{"at":39999}'],
    ['malformed', '{"at":"100000"}'],
    ['malformed', '{"at":100000.5}'],
    ['malformed', '{}'],
    ['malformed', '[]'],
    ['malformed', 'no JSON'],
  ])('is %s in %s', async (expected, body) => {
    expect(await verdict(body)).toBe(expected);
  });

  it('may be text, deeper in the body, if the scheme says so', async () => {
    const ofText = withTimeInBody(signedBy({ carrier: inHeaders({ signature: 'x-token' }), algorithm: token }), {
      path: ['meta', 'at'],
      format: milliseconds,
      toleranceSeconds: 60,
      acceptsText: true,
    });
    const verdictOf = (body: string) =>
      ofText.verify(plainRequest(body, { 'x-token': 'secret' }), { ...plainContext, now: 100_000, secret: 'secret' });
    expect(await verdictOf('{"meta":{"at":"100000"}}')).toBe('valid');
    expect(await verdictOf('{"meta":{"at":100000}}')).toBe('valid');
    expect(await verdictOf('{"meta":{"at":[100000]}}')).toBe('malformed');
  });

  it('is checked with the tolerance that the scheme states', () => {
    expect(scheme.toleranceSeconds).toBe(60);
  });

  it('is not read if the signature is a mismatch', async () => {
    expect(await verdict('no JSON', 'other')).toBe('mismatch');
  });
});
