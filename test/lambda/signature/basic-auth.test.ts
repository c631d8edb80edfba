import { describe, expect, it } from '@jest/globals';
import { basicAuth } from '../../../lambda/signature/basic-auth.ts';
import { plainContext, plainRequest } from '../../support/plain-request.ts';

const scheme = basicAuth();
const encoded = (text: string) => Buffer.from(text).toString('base64');
const verdict = (authorization: string | readonly string[], secret = 'ada:a:secret') =>
  scheme.verify(plainRequest('{}', { authorization }), { ...plainContext, secret });

describe('Basic authentication', () => {
  it('is valid with the user and the password of the secret alone', () => {
    expect(verdict(`Basic ${encoded('ada:a:secret')}`)).toBe('valid');
    for (const other of ['ada:a:secre', 'ada:a:secrett', 'bob:a:secret', 'ada', ':', '']) {
      expect([other, verdict(`Basic ${encoded(other)}`)]).toEqual([other, 'mismatch']);
    }
  });

  it('has characters beyond ASCII in UTF-8', () => {
    expect(verdict('Basic w6TDtjrDvA==', 'äö:ü')).toBe('valid');
    expect(verdict('Basic 5PY6/A==', 'äö:ü')).toBe('mismatch');
  });

  it.each([
    ['malformed', 'basic YWRhOmE6c2VjcmV0'],
    ['malformed', 'Bearer YWRhOmE6c2VjcmV0'],
    ['malformed', 'YWRhOmE6c2VjcmV0'],
    ['malformed', ''],
    ['mismatch', 'Basic  YWRhOmE6c2VjcmV0'],
    ['mismatch', 'Basic YWRhOmE6c2VjcmV0='],
    ['mismatch', 'Basic YWRhOmE6c2VjcmV0 '],
    ['mismatch', 'Basic YWRh\nOmE6c2VjcmV0'],
    ['missing', ['Basic YWRhOmE6c2VjcmV0', 'Basic YWRhOmE6c2VjcmV0']],
    ['missing', `Basic ${'A'.repeat(4_096)}`],
  ] as const)('is %s if it is written as %j', (expected, authorization) => {
    expect(verdict(authorization)).toBe(expected);
  });

  it('takes no secret that is not a user and a password', () => {
    for (const secret of ['', 'secret', ':secret', ':a:secret', 'ada:']) {
      expect([secret, verdict(`Basic ${encoded(secret)}`, secret)]).toEqual([secret, 'unusable_secret']);
    }
  });

  it('covers no part of the body, and has a new user and password for each source', () => {
    expect(scheme.bodyCoverage).toBe('nothing');
    const { signing, verification } = scheme.generateKeys();
    expect(verification).toBe(signing);
    expect(verification).toMatch(/^webhook:[\w-]{32}$/);
    const signed = scheme.sign(plainRequest('{}'), { ...plainContext, key: signing });
    expect(scheme.verify(signed, { ...plainContext, secret: verification })).toBe('valid');
  });
});
