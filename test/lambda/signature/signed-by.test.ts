import { describe, expect, it } from '@jest/globals';
import { inFields, inHeaders } from '../../../lambda/signature/carrier.ts';
import { hmac } from '../../../lambda/signature/hmac.ts';
import { signedBy } from '../../../lambda/signature/signed-by.ts';
import { seconds } from '../../../lambda/signature/signed-time.ts';
import { plainContext, plainRequest } from '../../support/plain-request.ts';

const secret = 'secret';
const algorithm = hmac({ encoding: 'hex' });
const carrier = inFields({ header: 'x-signature', separator: ',', timestamp: 't', signature: 'v1' });
const scheme = signedBy({
  carrier,
  signedContent: ({ body }, { timestamp = '' }) => [timestamp, body],
  algorithm,
  time: { format: seconds, toleranceSeconds: 300 },
});
const right = algorithm.sign(['0', '{}'], secret);
const wrong = 'ab'.repeat(32);

describe('The verdict on a request', () => {
  const verdict = (value: string, now = 0) =>
    scheme.verify(plainRequest('{}', { 'x-signature': value }), { ...plainContext, secret, now });
  const fields = (...signatures: string[]) => ['t=0', ...signatures.map((each) => `v1=${each}`)].join(',');
  const wrongs = (count: number): string[] => Array(count).fill(wrong);

  it.each([
    ['valid', 'one right signature of ten', fields(...wrongs(9), right)],
    ['malformed', 'one right signature of eleven', fields(...wrongs(10), right)],
    ['mismatch', 'several wrong signatures', fields(wrong, 'no digits')],
    ['malformed', 'several malformed signatures', fields('', 'no digits')],
    ['malformed', 'no time', `v1=${right}`],
    ['malformed', 'a malformed time', `t=now,v1=${right}`],
  ])('is %s for %s', (expected, _, value) => {
    expect(verdict(value)).toBe(expected);
  });

  it('is outside_tolerance if its time is, whatever its signature', () => {
    expect(verdict(fields(right), 300_000)).toBe('valid');
    expect(verdict(fields(right), 300_001)).toBe('outside_tolerance');
    expect(verdict(fields(wrong), 300_001)).toBe('outside_tolerance');
  });

  it('is a mismatch if the scheme finds no signed content in it', () => {
    const contradicting = signedBy({ carrier, signedContent: () => undefined, algorithm });
    const request = plainRequest('{}', { 'x-signature': fields(algorithm.sign([], secret)) });
    expect(contradicting.verify(request, { ...plainContext, secret })).toBe('mismatch');
  });
});

describe('a signature that may cover one of several contents', () => {
  const several = (...contents: string[]) =>
    signedBy({ carrier, signedContents: () => contents.map((each) => [each]), algorithm });
  const verdict = (contents: string[], ...signatures: string[]) => {
    const value = ['t=0', ...signatures.map((each) => `v1=${each}`)].join(',');
    return several(...contents).verify(plainRequest('{}', { 'x-signature': value }), { ...plainContext, secret });
  };
  const others = (count: number) => Array.from({ length: count }, (_, index) => `other ${index}`);

  it('is valid if any signature covers any of the first 24', () => {
    const signature = algorithm.sign(['one'], secret);
    expect(verdict(['one'], signature)).toBe('valid');
    expect(verdict([...others(23), 'one'], wrong, signature)).toBe('valid');
    expect(verdict([...others(24), 'one'], signature)).toBe('mismatch');
    expect(verdict(others(24), wrong, signature)).toBe('mismatch');
    expect(verdict(['one'], 'no digits')).toBe('malformed');
  });

  it('is a mismatch without any content', () => {
    expect(verdict([], algorithm.sign([], secret))).toBe('mismatch');
  });

  it('is made for the first', () => {
    const signed = several('one', 'two').sign(plainRequest('{}'), { ...plainContext, key: secret });
    expect(String(signed.headers.get('x-signature'))).toContain(algorithm.sign(['one'], secret));
  });
});

describe('whether the body is read before its signature is verified', () => {
  it('is as the scheme says, and false by default', () => {
    expect(scheme.readsBody?.(new Map())).toBe(false);
    expect(signedBy({ carrier, algorithm, readsBody: () => true }).readsBody?.(new Map())).toBe(true);
  });
});

describe('signing', () => {
  it('says what the request lacks', () => {
    const lacking = signedBy({ carrier: { ...inHeaders({ signature: 'x' }), read: () => 'missing' }, algorithm });
    expect(() => lacking.sign(plainRequest('{}'), { ...plainContext, key: secret })).toThrow(
      'The request lacks what its signature covers: missing',
    );
  });

  it('writes the time and the signature into the header from which they are read', () => {
    const signed = scheme.sign(plainRequest('{}'), { ...plainContext, key: secret });
    expect(signed.headers.get('x-signature')).toEqual([`t=0,v1=${right}`]);
  });
});
