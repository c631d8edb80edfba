import { describe, expect, it } from '@jest/globals';
import { inHeaderParts } from '../../../lambda/signature/header-parts.ts';
import { plainRequest } from '../../support/plain-request.ts';

const inFields = inHeaderParts({
  headers: ['x-signature', 'x-signature-2'],
  prefix: 'v1=',
  separators: [','],
  timestamp: { prefix: 't=' },
});
const alone = inHeaderParts({
  headers: ['x-signature'],
  prefix: 'sha256=',
  timestamp: { header: 'x-time' },
  id: 'x-id',
});

const claimOf = (headers: Readonly<Record<string, string | readonly string[]>>) =>
  inFields.read(plainRequest('', headers));

describe('Signatures in parts of headers', () => {
  it.each([
    ['t=1,v1=ab', { signatures: ['ab'], timestamp: '1' }],
    ['t=1, v1=ab , v0=zz,v1=cd', { signatures: ['ab', 'cd'], timestamp: '1' }],
    ['v1=ab', 'malformed'],
    ['t=1', 'malformed'],
    ['t=1,t=2,v1=ab', 'malformed'],
    ['', 'malformed'],
    [`t=1,v1=ab${',x'.repeat(30)}`, 'malformed'],
    [`t=1,v1=${'a'.repeat(5_000)}`, 'missing'],
  ])('%s is read', (value, claim) => {
    expect(claimOf({ 'x-signature': value })).toEqual(claim);
  });

  it.each([
    ['t=1,v1=ab t=1,v1=cd', { signatures: ['ab', 'cd'], timestamp: '1' }],
    ['t=1, v1=ab', { signatures: ['ab'], timestamp: '1' }],
    ['t=1,v1=ab t=2,v1=cd', 'malformed'],
    ['v1=ab v1=cd', 'malformed'],
    [`t=1,v1=ab${' ,'.repeat(30)}`, 'malformed'],
  ])('%s is read in sets, each with the same time, if parts have several separators', (value, claim) => {
    const inSets = inHeaderParts({
      headers: ['x-signature'],
      prefix: 'v1=',
      separators: [' ', ','],
      timestamp: { prefix: 't=' },
    });
    expect(inSets.read(plainRequest('', { 'x-signature': value }))).toEqual(claim);
  });

  it('may be in any of several headers, with the same time', () => {
    expect(claimOf({ 'x-signature-2': 't=1,v1=cd' })).toEqual({ signatures: ['cd'], timestamp: '1' });
    const both = { 'x-signature': 't=1,v1=ab', 'x-signature-2': 't=1,v1=cd' };
    expect(claimOf(both)).toEqual({ signatures: ['ab', 'cd'], timestamp: '1' });
    expect(claimOf({ ...both, 'x-signature-2': 't=2,v1=cd' })).toBe('malformed');
  });

  it('are missing if none of the headers is there, or one of them is there twice', () => {
    expect(claimOf({})).toBe('missing');
    expect(claimOf({ 'x-signature': ['t=1,v1=ab', 't=1,v1=ab'] })).toBe('missing');
    expect(claimOf({ 'x-signature': 't=1,v1=ab', 'x-signature-2': ['t=1,v1=ab', 't=1,v1=ab'] })).toBe('missing');
  });

  it('are written as they are read', () => {
    const claim = { signatures: ['ab', 'cd'], timestamp: '7' };
    const written = inFields.write(plainRequest(''), claim);
    expect(written.headers.get('x-signature')).toEqual(['t=7,v1=ab,v1=cd']);
    expect(inFields.read(written)).toEqual(claim);
  });
});

describe('A signature that is a whole header', () => {
  it('is read with the time and the id in other headers', () => {
    const claim = { signatures: ['ab'], timestamp: '7', id: 'm1' };
    const written = alone.write(plainRequest(''), claim);
    expect(Object.fromEntries(written.headers)).toEqual({
      'x-signature': ['sha256=ab'],
      'x-time': ['7'],
      'x-id': ['m1'],
    });
    expect(alone.read(written)).toEqual(claim);
  });

  it.each(['x-signature', 'x-time', 'x-id'])('is missing without %s', (name) => {
    const { headers } = alone.write(plainRequest(''), { signatures: ['ab'], timestamp: '7', id: 'm1' });
    const others = new Map([...headers].filter(([each]) => each !== name));
    expect(alone.read({ ...plainRequest(''), headers: others })).toBe('missing');
  });

  it('is malformed without its prefix', () => {
    const headers = { 'x-signature': 'ab', 'x-time': '7', 'x-id': 'm1' };
    expect(alone.read(plainRequest('', headers))).toBe('malformed');
  });
});
