import { describe, expect, it } from '@jest/globals';
import { inFields, inHeaders, inMatchingHeaders } from '../../../lambda/signature/carrier.ts';
import { plainRequest } from '../../support/plain-request.ts';

describe('A signature in a header', () => {
  const bare = inHeaders({ signature: 'x-signature' });
  const timed = inHeaders({ signature: 'x-signature', prefix: 'v0=', timestamp: 'x-time' });

  it('is read together with the time in another header', () => {
    expect(bare.read(plainRequest('', { 'x-signature': 'ab', 'x-time': '1' }))).toEqual({ signatures: ['ab'] });
    const claim = { signatures: ['ab'], timestamp: '1' };
    expect(timed.read(plainRequest('', { 'x-signature': 'v0=ab', 'x-time': '1' }))).toEqual(claim);
    expect(timed.read(timed.write(plainRequest(''), claim))).toEqual(claim);
  });

  it.each([
    ['missing', {}],
    ['missing', { 'x-signature': 'v0=ab' }],
    ['missing', { 'x-time': '1' }],
    ['missing', { 'x-signature': ['v0=ab', 'v0=ab'], 'x-time': '1' }],
    ['missing', { 'x-signature': 'v0=ab', 'x-time': ['1', '1'] }],
    ['malformed', { 'x-signature': 'ab', 'x-time': '1' }],
    ['malformed', { 'x-signature': ' v0=ab', 'x-time': '1' }],
    ['malformed', { 'x-signature': '', 'x-time': '1' }],
    ['missing', { 'x-signature': `v0=${'a'.repeat(4_094)}`, 'x-time': '1' }],
  ])('is %s in %p', (verdict, headers) => {
    expect(timed.read(plainRequest('', headers))).toBe(verdict);
  });
});

it('A signature header of 4,096 characters is read', () => {
  const value = 'a'.repeat(4_096);
  expect(inHeaders({ signature: 'x-signature' }).read(plainRequest('', { 'x-signature': value }))).toEqual({
    signatures: [value],
  });
});

describe('A signature in a header of several fields', () => {
  const names = { header: 'x-signature', timestamp: 't', signature: 'v1' };
  const fields = inFields({ ...names, separator: ',' });
  const read = (value: string | string[]) => fields.read(plainRequest('', { 'x-signature': value }));

  it.each([
    ['t=1,v1=ab', ['ab']],
    ['v1=ab,t=1', ['ab']],
    ['t=1,v1=ab,v1=cd', ['ab', 'cd']],
    ['t=1, v1=ab , v0=ef,,other', ['ab']],
    [' t=1 ,\tv1=ab==', ['ab==']],
    ['t=1,v1', ['']],
    [`t=1,v1=ab${',v0=ef'.repeat(18)}`, ['ab']],
  ])('is read from %p', (value, signatures) => {
    expect(read(value)).toEqual({ signatures, timestamp: '1' });
  });

  it.each([
    ['missing', []],
    ['missing', ['t=1,v1=ab', 't=1,v1=ab']],
    ['malformed', ''],
    ['malformed', 't=1'],
    ['malformed', 'v1=ab'],
    ['malformed', 't=1,t=1,v1=ab'],
    ['malformed', 't=1;v1=ab'],
    ['malformed', 'T=1,V1=ab'],
    ['malformed', `t=1,v1=ab${',v0=ef'.repeat(19)}`],
    ['malformed', `t=1,v1=ab${','.repeat(19)}`],
  ])('is %s in %p', (verdict, value) => {
    expect(read(value)).toBe(verdict);
  });

  it('is written in the format in which it is read', () => {
    const signed = inFields({ ...names, separator: ';' }).write(plainRequest(''), {
      signatures: ['ab'],
      timestamp: '1',
    });
    expect(signed.headers.get('x-signature')).toEqual(['t=1;v1=ab']);
  });
});

describe('Signatures in several headers', () => {
  const matching = inMatchingHeaders({
    header: /^x-signature-\d$/,
    written: (index) => `x-signature-${index + 1}`,
    prefix: 'sha256=',
  });
  const read = (headers: Record<string, string | string[]>) => matching.read(plainRequest('', headers));

  it('are all read', () => {
    const claim = { signatures: ['ab', 'cd'] };
    expect(read({ 'x-signature-1': 'sha256=ab', 'x-signature-2': 'sha256=cd', other: 'x' })).toEqual(claim);
    expect(matching.read(matching.write(plainRequest(''), claim))).toEqual(claim);
  });

  it.each([
    ['missing', {}],
    ['missing', { 'x-signature-one': 'sha256=ab' }],
    ['missing', { 'x-signature-1': 'sha256=ab', 'x-signature-2': ['sha256=cd', 'sha256=cd'] }],
    ['malformed', { 'x-signature-1': 'ab' }],
    ['malformed', { 'x-signature-1': 'sha256=ab', 'x-signature-2': 'cd' }],
    ['malformed', { 'x-signature-1': 'sha1=ab', 'x-signature-2': 'sha256=cd' }],
  ])('are %s in %p', (verdict, headers) => {
    expect(read(headers)).toBe(verdict);
  });
});
