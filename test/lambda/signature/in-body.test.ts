import { describe, expect, it } from '@jest/globals';
import { inBody } from '../../../lambda/signature/in-body.ts';
import { plainRequest } from '../../support/plain-request.ts';

const TOKEN = 'a1'.repeat(25);
const RIGHT = { timestamp: '1772366400', token: TOKEN, signature: 'ab' };
const read = (body: unknown) => inBody('signature').read(plainRequest(JSON.stringify(body)));

describe('A signature in the body', () => {
  it('is written in the format in which it is read', () => {
    const claim = { signatures: ['ab'], timestamp: '1772366400', id: TOKEN };
    expect(read({ signature: RIGHT })).toEqual(claim);
    const written = inBody('signature').write(plainRequest('{"event":1}'), claim);
    expect(JSON.parse(written.body.toString())).toEqual({ event: 1, signature: RIGHT });
  });

  it('is the same with its time as a number', () => {
    expect(read({ signature: { ...RIGHT, timestamp: 1_772_366_400 } })).toEqual(read({ signature: RIGHT }));
  });

  it.each([
    ['that a body has already is kept', TOKEN, TOKEN],
    ['that is malformed is replaced', 'a', expect.stringMatching(/^[0-9a-f]{50}$/)],
    ['that is missing is generated', undefined, expect.stringMatching(/^[0-9a-f]{50}$/)],
  ])('is written with a token: one %s', (_, token, expected) => {
    const request = plainRequest(JSON.stringify({ signature: { token } }));
    const { body } = inBody('signature').write(request, { signatures: ['ab'], timestamp: '1' });
    expect(JSON.parse(body.toString()).signature).toEqual({ timestamp: '1', token: expected, signature: 'ab' });
  });

  it.each([{}, { Signature: RIGHT }, [], 'x', null])('is missing in %j', (body) => {
    expect(read(body)).toBe('missing');
  });

  it.each([
    null,
    'ab',
    [RIGHT],
    {},
    { ...RIGHT, timestamp: 1_772_366_400.5 },
    { ...RIGHT, timestamp: [1_772_366_400] },
    { ...RIGHT, timestamp: undefined },
    { ...RIGHT, token: undefined },
    { ...RIGHT, token: [TOKEN] },
    { ...RIGHT, token: TOKEN.slice(1) },
    { ...RIGHT, token: `${TOKEN}1` },
    { ...RIGHT, token: `${TOKEN}\n` },
    { ...RIGHT, token: TOKEN.replace('a', '-') },
    { ...RIGHT, signature: undefined },
    { ...RIGHT, signature: 7 },
    { ...RIGHT, signature: ['ab'] },
  ])('is malformed as %j', (signature) => {
    expect(read({ signature })).toBe('malformed');
  });

  it('is missing if the body is no JSON', () => {
    expect(inBody('signature').read(plainRequest('{'))).toBe('missing');
  });
});
