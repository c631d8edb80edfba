import {
  getExpectedBodyHash,
  getExpectedTwilioSignature,
  validateRequest,
  validateRequestWithBody,
} from 'twilio/lib/webhooks/webhooks.js';
import { onlyValue, type SignedRequest, withHeaders } from '../../../lambda/signature/signed-request.ts';
import type { WrittenRequest } from '../../support/judged-requests.ts';
import { headerOf } from '../../support/provider-requests.ts';
import { TWILIO_QUERIES } from '../../support/twilio-queries.ts';
import type { Judge } from '../judge.ts';

const FORM = 'application/x-www-form-urlencoded';
const URL_BASE = 'https://hooks.example.com/webhooks/twilio';

const isForm = ({ headers }: SignedRequest) => onlyValue(headers, 'content-type')?.startsWith(FORM);

/** The parameters of a form. One that comes twice has a list of values. */
function fieldsOf({ body }: SignedRequest): Record<string, string[]> {
  const byName = Map.groupBy(new URLSearchParams(`${body}`), ([name]) => name);
  return Object.fromEntries([...byName].map(([name, pairs]) => [name, pairs.map(([, value]) => value)]));
}

/** A form, a GET and a body in JSON, each called with this query string. */
function called(key: string, name: string, query: string): [string, WrittenRequest][] {
  const hash = `bodySHA256=${getExpectedBodyHash('{}')}`;
  const withHash = query === '' ? hash : `${query}&${hash}`;
  const sent = (written: string, parameters: Record<string, string>) => ({
    url: URL_BASE,
    ...(written && { query: written }),
    signature: getExpectedTwilioSignature(key, written ? `${URL_BASE}?${written}` : URL_BASE, parameters),
  });
  const request = ({ signature, ...rest }: ReturnType<typeof sent>, type: string | undefined, body: string) => ({
    ...rest,
    headers: { ...(type && { 'content-type': type }), 'x-twilio-signature': signature },
    body,
  });
  return [
    [`a form whose URL has ${name}`, request(sent(query, { MessageSid: 'SM1' }), FORM, 'MessageSid=SM1')],
    [`a GET whose URL has ${name}`, { method: 'GET', ...request(sent(query, {}), undefined, '') }],
    [`JSON whose URL has ${name}`, request(sent(withHash, {}), 'application/json', '{}')],
  ];
}

export const judge: Judge = {
  package: 'twilio',
  accepts(request, secret, calledUrl) {
    const signature = headerOf(request, 'x-twilio-signature');
    if (isForm(request)) return validateRequest(secret, signature, calledUrl, fieldsOf(request));
    if (request.method === 'GET') return validateRequest(secret, signature, calledUrl, {});
    return validateRequestWithBody(secret, signature, calledUrl, `${request.body}`);
  },
  sign(request, key) {
    const fields = isForm(request) ? fieldsOf(request) : {};
    const hashed = isForm(request)
      ? request
      : { ...request, query: new URLSearchParams({ bodySHA256: getExpectedBodyHash(`${request.body}`) }) };
    const url = hashed.query.size === 0 ? hashed.url : `${hashed.url}?${hashed.query}`;
    return withHeaders(hashed, { 'x-twilio-signature': getExpectedTwilioSignature(key, url, fields) });
  },
  signed: (key) =>
    Object.fromEntries(Object.entries(TWILIO_QUERIES).flatMap(([name, query]) => called(key, name, query))),
  forgeries: {
    'sent to another URL': (signed) => ({ ...signed, url: `${signed.url}/other` }),
  },
};
