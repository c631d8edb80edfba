import { describe, expect, it, jest } from '@jest/globals';
import type { SignedRequest } from '../../../lambda/signature/signed-request.ts';
import { twilioSignature } from '../../../lambda/signature/twilio.ts';
import { readJudgedFile } from '../../support/judged-requests.ts';
import { plainContext, plainRequest } from '../../support/plain-request.ts';
import { TWILIO_QUERIES } from '../../support/twilio-queries.ts';
import { expectedBodyHash, expectedTwilioSignature } from '../../support/twilio-signature.ts';

const FORM = 'application/x-www-form-urlencoded';
const scheme = twilioSignature();
const sign = (body: string, type: string) =>
  scheme.sign(plainRequest(body, { 'content-type': type }), { ...plainContext, key: 'secret' });
const verdict = (request: ReturnType<typeof sign>) => scheme.verify(request, { ...plainContext, secret: 'secret' });

const URL_BASE = 'https://example.com/webhooks/partner';
const HASH = expectedBodyHash('{}');

/** A request as it arrives, with the signature that Twilio makes for the URL and the parameters. */
function signedByTwilio(called: string, parameters: Record<string, string>, request: Partial<SignedRequest>) {
  const signature = expectedTwilioSignature('secret', called, parameters);
  const { headers } = plainRequest('', { 'x-twilio-signature': signature });
  const type = request.method === 'GET' ? [] : [['content-type', [FORM]] as const];
  const query = new URLSearchParams(called.replace(/^[^?]*/, ''));
  return {
    ...plainRequest(''),
    query,
    ...request,
    headers: new Map([...headers, ...type, ...(request.headers ?? [])]),
  };
}
const aForm = (called: string, request: Partial<SignedRequest> = {}) =>
  signedByTwilio(called, { MessageSid: 'SM1' }, { body: Buffer.from('MessageSid=SM1'), ...request });
const aGet = (called: string, request: Partial<SignedRequest> = {}) =>
  signedByTwilio(called, {}, { method: 'GET', ...request });
const aJson = (called: string, request: Partial<SignedRequest> = {}) =>
  signedByTwilio(
    called,
    {},
    {
      body: Buffer.from('{}'),
      headers: new Map([['content-type', ['application/json']]]),
      ...request,
    },
  );

it('Twilio’s SDK signs as these tests expect it to', () => {
  const { keys, requests = [] } = readJudgedFile('twilio') ?? {};
  const signedBySdk = requests.filter(({ signer, isAccepted }) => signer === 'judge' && isAccepted);
  expect(signedBySdk.length).toBeGreaterThan(40);
  for (const { url, query, headers, body } of signedBySdk) {
    const isForm = headers['content-type']?.startsWith(FORM);
    const fields = isForm ? Object.fromEntries(new URLSearchParams(body)) : {};
    const expected = expectedTwilioSignature(keys?.signing ?? '', query ? `${url}?${query}` : url, fields);
    expect(headers['x-twilio-signature']).toBe(expected);
  }
});

describe('The URL that Twilio signs', () => {
  it.each(Object.entries(TWILIO_QUERIES).map(([name, query]) => [name, query && `?${query}`]))(
    'may have a query string with %s',
    (_, query) => {
      expect(verdict(aForm(URL_BASE + query))).toBe('valid');
      expect(verdict(aGet(URL_BASE + query))).toBe('valid');
      expect(verdict(aJson(`${URL_BASE}${query ? `${query}&` : '?'}bodySHA256=${HASH}`))).toBe('valid');
      expect(verdict(aJson(`${URL_BASE}?bodySHA256=${HASH}${query.replace('?', '&')}`))).toBe('valid');
    },
  );

  it('may have a configured query string, as it was configured or with more parameters', () => {
    const url = `${URL_BASE}?a=%2f~&b=2`;
    expect(verdict(aForm(url, { url }))).toBe('valid');
    expect(verdict(aForm(url, { url, query: new URLSearchParams('b=2') }))).toBe('valid');
    expect(verdict(aJson(`${url}&bodySHA256=${HASH}`, { url }))).toBe('valid');
    expect(verdict(aForm(`${URL_BASE}?b=2&orderId=7`, { url: `${URL_BASE}?b=2` }))).toBe('valid');
  });

  it.each(['a=1&b=2&c=3', 'a=1&c=3&b=2', 'b=2&a=1&c=3', 'b=2&c=3&a=1', 'c=3&a=1&b=2', 'c=3&b=2&a=1'])(
    'may have three parameters in another order than they arrive in: %s',
    (written) => {
      const query = new URLSearchParams('a=1&b=2&c=3');
      expect(verdict(aForm(`${URL_BASE}?${written}`, { query }))).toBe('valid');
      expect(verdict(aGet(`${URL_BASE}?${written}`, { query }))).toBe('valid');
      const hashed = new URLSearchParams(`a=1&b=2&bodySHA256=${HASH}&c=3`);
      expect(verdict(aJson(`${URL_BASE}?${written}&bodySHA256=${HASH}`, { query: hashed }))).toBe('valid');
    },
  );

  it('may have parameters in another order, with spaces and other characters as they are written', () => {
    const query = new URLSearchParams('at=18:30&name=a b');
    for (const written of [
      'name=a%20b&at=18%3A30',
      'name=a+b&at=18%3A30',
      'name=a%20b&at=18:30',
      'name=a+b&at=18:30',
    ]) {
      expect(verdict(aForm(`${URL_BASE}?${written}`, { query }))).toBe('valid');
    }
  });

  it('may have many parameters in the order of the alphabet, those of Twilio after the others', () => {
    const query = new URLSearchParams('CallStatus=ringing&AccountSid=AC1&CallSid=CA1&room=2&lang=en');
    const ofTwilio = 'AccountSid=AC1&CallSid=CA1&CallStatus=ringing';
    expect(verdict(aGet(`${URL_BASE}?${query}`, { query }))).toBe('valid');
    expect(verdict(aGet(`${URL_BASE}?${ofTwilio}&lang=en&room=2`, { query }))).toBe('valid');
    expect(verdict(aGet(`${URL_BASE}?room=2&lang=en&${ofTwilio}`, { query }))).toBe('valid');
    expect(verdict(aGet(`${URL_BASE}?${ofTwilio}&room=2&lang=en`, { query }))).toBe('mismatch');
    const repeated = new URLSearchParams('b=2&b=1&a=2&a=1&b=3');
    expect(verdict(aForm(`${URL_BASE}?a=2&a=1&b=2&b=1&b=3`, { query: repeated }))).toBe('valid');
  });

  it('is not one whose parameters have each other’s values', () => {
    const query = new URLSearchParams('a=2&b=1');
    expect(verdict(aForm(`${URL_BASE}?a=1&b=2`, { query }))).toBe('mismatch');
    expect(verdict(aGet(`${URL_BASE}?a=1&b=2`, { query }))).toBe('mismatch');
  });

  it('is not one with another query string', () => {
    const query = new URLSearchParams('orderId=8');
    expect(verdict(aForm(`${URL_BASE}?orderId=7`, { query }))).toBe('mismatch');
    expect(verdict(aGet(`${URL_BASE}?orderId=7`, { query }))).toBe('mismatch');
    expect(verdict(aGet(`${URL_BASE}?orderId=7`, { query, url: `${URL_BASE}?orderId=7` }))).toBe('mismatch');
    const withHash = new URLSearchParams(`orderId=8&bodySHA256=${HASH}`);
    expect(verdict(aJson(`${URL_BASE}?orderId=7&bodySHA256=${HASH}`, { query: withHash }))).toBe('mismatch');
  });

  it('is written in what we sign as the SDK expects it', () => {
    const query = new URLSearchParams('CallSid=CA1&note=a b');
    const { headers } = scheme.sign({ ...plainRequest(''), method: 'GET', query }, { ...plainContext, key: 'secret' });
    const expected = expectedTwilioSignature('secret', `${URL_BASE}?CallSid=CA1&note=a%20b`, {});
    expect(headers.get('x-twilio-signature')).toEqual([expected]);
  });
});

describe('A signature of Twilio for one kind of request', () => {
  const called = `${URL_BASE}?orderId=7&bodySHA256=${HASH}`;

  it.each<[string, string, { method?: string; headers?: string; body?: string }, SignedRequest]>([
    ['a GET', 'a JSON body', { method: 'GET' }, aJson(called)],
    ['an empty form', 'a JSON body', { headers: FORM, body: '' }, aJson(called)],
    ['an empty form', 'a GET', { method: 'POST', headers: FORM, body: '' }, aGet(`${URL_BASE}?CallSid=CA1`)],
    ['a JSON body', 'a GET', { method: 'POST', headers: 'application/json', body: '{}' }, aGet(`${URL_BASE}?a=1`)],
    ['a GET', 'a form', { method: 'GET' }, aForm(`${URL_BASE}?orderId=7`)],
  ])('is not one for %s: %s', (_, __, { headers, body, ...changed }, request) => {
    expect(verdict(request)).toBe('valid');
    const others = [...request.headers].filter(([name]) => name !== 'content-type');
    const typed = new Map<string, readonly string[]>(others);
    if (headers !== undefined) typed.set('content-type', [headers]);
    const bytes = body === undefined ? request.body : Buffer.from(body);
    expect(verdict({ ...request, ...changed, headers: typed, body: bytes })).toBe('mismatch');
  });

  it.each([
    ['', `%3ForderId%3D7%26bodySHA256%3D${HASH}=`],
    ['orderId=', `7%26bodySHA256%3D=${HASH}`],
    ['orderId=7', `%26bodySHA256%3D=${HASH}`],
    ['orderId=7', `%26bodySHA256=%3D${HASH}`],
    [`orderId=7&bodySHA256=${HASH.slice(0, 60)}`, `${HASH.slice(60)}=`],
  ])('is not one for a form that continues the query string %j', (query, body) => {
    const headers = new Map([...aJson(called).headers, ['content-type', [FORM]] as const]);
    const request = { ...aJson(called), headers, query: new URLSearchParams(query), body: Buffer.from(body) };
    expect(verdict(request)).toBe('mismatch');
  });
});

it('A signature of Twilio for a GET is not one for a form with the query string as the name of a parameter', () => {
  const request = aGet(`${URL_BASE}?CallSid=CA1&CallStatus=completed`, { query: new URLSearchParams() });
  const headers = new Map([...request.headers, ['content-type', [FORM]] as const]);
  const body = Buffer.from('%3FCallSid%3DCA1%26CallStatus%3Dcompleted=');
  expect(verdict({ ...request, method: 'POST', headers, body })).toBe('mismatch');
});

describe('A request of many parameters', () => {
  const parametersOf = (count: number) =>
    Array.from({ length: count }, (_, index) => `name${index}=${index}`).join('&');

  it('is valid as a form of 1,000 parameters, and malformed with one more, whoever signed it', () => {
    const form = (count: number) => {
      const parameters = Object.fromEntries(new URLSearchParams(parametersOf(count)));
      return signedByTwilio(URL_BASE, parameters, { body: Buffer.from(parametersOf(count)) });
    };
    expect([verdict(form(1_000)), verdict(form(1_001))]).toEqual(['valid', 'malformed']);
  });

  it.each([
    ['a GET', aGet],
    ['a form', aForm],
    ['JSON', aJson],
  ])('is malformed as %s with a query string of more than 1,000', (_, request) => {
    expect(verdict(request(`${URL_BASE}?${parametersOf(1_001)}`))).toBe('malformed');
  });

  it('is valid as a GET with a query string of 1,000', () => {
    expect(verdict(aGet(`${URL_BASE}?${parametersOf(1_000)}`))).toBe('valid');
  });

  it('is read once as a form, not once for each name', () => {
    const signed = sign(parametersOf(1_000), FORM);
    const spies = (['getAll', 'get', 'has'] as const).map((name) => jest.spyOn(URLSearchParams.prototype, name));
    try {
      expect(verdict(signed)).toBe('valid');
      expect(spies.flatMap(({ mock }) => mock.calls).length).toBeLessThan(10);
    } finally {
      jest.restoreAllMocks();
    }
  });
});

describe('The body of a request of Twilio', () => {
  it('is read before its signature is verified if it is a form', () => {
    const reads = (type: string) => scheme.readsBody?.(new Map([['content-type', [type]]]));
    expect([FORM, `${FORM}; charset=utf-8`, 'application/json'].map(reads)).toEqual([true, true, false]);
  });
});

describe('Twilio’s signature', () => {
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
