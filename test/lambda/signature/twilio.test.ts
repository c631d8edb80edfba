import { describe, expect, it } from '@jest/globals';
import { twilioSignature } from '../../../lambda/signature/twilio.ts';
import { plainContext, plainRequest } from '../../support/plain-request.ts';

const FORM = 'application/x-www-form-urlencoded';
const scheme = twilioSignature();
const sign = (body: string, type: string) =>
  scheme.sign(plainRequest(body, { 'content-type': type }), { ...plainContext, key: 'secret' });
const verdict = (request: ReturnType<typeof sign>) => scheme.verify(request, { ...plainContext, secret: 'secret' });

describe('A Twilio signature', () => {
  it.each([FORM, `${FORM}; charset=utf-8`, `${FORM} ; charset=utf-8`, ` ${FORM}`, FORM.toUpperCase()])(
    'covers the parameters of a body with the content type %j',
    (type) => {
      const signed = sign('a=1', FORM);
      const headers = new Map(signed.headers).set('content-type', [type]);
      expect(verdict({ ...signed, headers })).toBe('valid');
      expect(verdict({ ...signed, headers, body: Buffer.from('a=2') })).toBe('mismatch');
    },
  );

  it('covers the hash of a body that is no form, which signing adds to the query string', () => {
    expect([...sign('a=1', FORM).query.keys()]).toEqual([]);
    expect([...sign('{}', 'application/json').query.keys()]).toEqual(['bodySHA256']);
  });

  it('is a mismatch for a form whose first parameter resembles the hash of a body, and valid if a text does', () => {
    expect(verdict(sign('Body=see+?bodySHA256=1', FORM))).toBe('valid');
    expect(verdict(sign('%3FbodySHA256=%3D1', FORM))).toBe('mismatch');
    expect(verdict(sign('%26bodySHA256=%3D1', FORM))).toBe('mismatch');
  });

  it('is a mismatch for a form without a content type, or with two', () => {
    const signed = sign('a=1', FORM);
    const { 'x-twilio-signature': signature = [] } = Object.fromEntries(signed.headers);
    for (const types of [[], [FORM, FORM]]) {
      expect(verdict(plainRequest('a=1', { 'x-twilio-signature': signature, 'content-type': types }))).toBe('mismatch');
    }
    expect(verdict(plainRequest('a=1', { 'x-twilio-signature': signature }))).toBe('mismatch');
  });
});
