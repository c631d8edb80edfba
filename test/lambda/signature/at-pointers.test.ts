import { describe, expect, it } from '@jest/globals';
import { atPointers } from '../../../lambda/signature/at-pointers.ts';
import { inQuery } from '../../../lambda/signature/in-query.ts';
import { plainRequest } from '../../support/plain-request.ts';

const carrier = atPointers({ signature: ['sig', 'hex'], timestamp: ['sig', 'time'], id: ['sig', 'token'] });

describe('A signature in the body', () => {
  it.each([
    ['{"sig":{"hex":"ab","time":7,"token":"t"}}', { signatures: ['ab'], timestamp: '7', id: 't' }],
    ['{"sig":{"hex":"ab","time":"7","token":1}}', { signatures: ['ab'], timestamp: '7', id: '1' }],
    ['{"sig":{"hex":"ab","time":7}}', 'malformed'],
    ['{"sig":{"hex":"ab","token":"t"}}', 'malformed'],
    ['{"sig":{"hex":["ab"],"time":7,"token":"t"}}', 'malformed'],
    ['{"sig":{"hex":"ab","time":7.5,"token":"t"}}', 'malformed'],
    [`{"sig":{"hex":"${'a'.repeat(5_000)}","time":7,"token":"t"}}`, 'malformed'],
    ['{"sig":{}}', 'missing'],
    ['[]', 'missing'],
    ['no JSON', 'missing'],
  ])('of %s is read', (body, claim) => {
    expect(carrier.read(plainRequest(body))).toEqual(claim);
  });

  it('is written beside what the body holds', () => {
    const claim = { signatures: ['ab'], timestamp: '7', id: 't' };
    const written = carrier.write(plainRequest('{"event":"paid"}'), claim);
    expect(JSON.parse(`${written.body}`)).toEqual({ event: 'paid', sig: { hex: 'ab', time: '7', token: 't' } });
    expect(carrier.read(written)).toEqual(claim);
  });
});

describe('A secret in the query string', () => {
  const inToken = inQuery('token');

  it.each([
    ['token=ab&a=1', { signatures: ['ab'] }],
    ['token=', { signatures: [''] }],
    ['a=1', 'missing'],
    ['token=ab&token=ab', 'missing'],
  ])('of ?%s is read', (query, claim) => {
    expect(inToken.read({ ...plainRequest(''), query: new URLSearchParams(query) })).toEqual(claim);
  });

  it('is written as it is read', () => {
    expect(inToken.read(inToken.write(plainRequest(''), { signatures: ['ab'] }))).toEqual({ signatures: ['ab'] });
  });
});
