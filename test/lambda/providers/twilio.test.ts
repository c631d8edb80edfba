import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '../../../lambda/receiver/config.ts';
import { type SignedRequest, withHeaders } from '../../../lambda/signature/signed-request.ts';
import { type ProviderInboxOptions, providerInbox } from '../../support/provider-inbox.ts';
import {
  bodiless,
  headerOf,
  inboxStatusOf,
  sharedKeys,
  statusOf,
  unsigned,
  withBody,
} from '../../support/provider-requests.ts';
import { expectedBodyHash, expectedTwilioSignature } from '../../support/twilio-signature.ts';
import { readVector, type VectorRequest } from '../../support/vectors.ts';

const TOKEN = '12345678901234567890123456789012';
const keys = sharedKeys(TOKEN);
const { sample, variants = [] } = readVector('twilio');
const json = variants.find(({ headers }) => headers['content-type'] === 'application/json') ?? sample;

const open = (options: Partial<ProviderInboxOptions> = {}) => providerInbox({ provider: 'twilio', keys, ...options });
const form = (body: string): VectorRequest => ({ ...sample, body });
const withQuery = (request: SignedRequest, query: string) => ({ ...request, query: new URLSearchParams(query) });
const fieldsOf = ({ body }: SignedRequest) => Object.fromEntries(new URLSearchParams(`${body}`));
const withType = (request: SignedRequest, type: string) => withHeaders(request, { 'content-type': type });

describe('A Twilio source', () => {
  it('verifies the URL that Twilio was given, with its query string, whatever query string comes', async () => {
    const inbox = open({ publicUrl: 'https://hooks.example.com/in?b=2&a=1#rc=3' });
    const signed = inbox.sign(sample);
    const parameters = fieldsOf(inbox.sign(sample));
    const expected = expectedTwilioSignature(TOKEN, 'https://hooks.example.com/in?b=2&a=1', parameters);
    expect(signed.headers.get('x-twilio-signature')).toEqual([expected]);
    expect(await statusOf(inbox.deliver(withQuery(signed, 'a=1&b=2')))).toBe(200);
    expect(await statusOf(open().deliver(signed))).toBe(401);
  });

  it('verifies the URL under the custom domain of the API, which has no stage in it', async () => {
    const environment = {
      TABLE_NAME: 'events',
      QUARANTINE_TABLE_NAME: 'quarantine',
      PAYLOAD_BUCKET_NAME: 'payloads',
      OVERFLOW_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/overflow',
      AWS_REGION: 'eu-north-1',
      INBOX_NAME: 'inbox',
      RETENTION_SECONDS: '86400',
      PREVIOUS_SECRET_GRACE_SECONDS: '0',
      PUBLIC_URL: 'https://hooks.example.com',
    };
    const { sources } = readConfig(environment, { twilio: { provider: 'twilio' } });
    const { publicUrl = '' } = sources.get('twilio') ?? {};
    const requestContext = {
      apiId: 'abc123',
      domainName: 'hooks.example.com',
      domainPrefix: 'hooks',
      stage: 'prod',
      path: '/webhooks/twilio',
      resourcePath: '/webhooks/twilio',
    };
    const inbox = open({ publicUrl, requestContext });
    const parameters = fieldsOf(inbox.sign(sample));
    const signedFor = (url: string) => {
      const signature = expectedTwilioSignature(TOKEN, url, parameters);
      return {
        ...inbox.sign(sample),
        headers: new Map(inbox.sign(sample).headers).set('x-twilio-signature', [signature]),
      };
    };
    expect(await statusOf(inbox.deliver(signedFor('https://hooks.example.com/webhooks/twilio')))).toBe(200);
    expect(await statusOf(inbox.deliver(signedFor('https://hooks.example.com/prod/webhooks/twilio')))).toBe(401);
  });

  it('rejects a body in JSON whose hash is missing, wrong or there twice', async () => {
    const inbox = open();
    const signed = inbox.sign(json);
    const hash = signed.query.get('bodySHA256') ?? '';
    const other = createHash('sha256').update('{}').digest('hex');
    for (const query of ['', `bodySHA256=${other}`, `bodySHA256=${hash}&bodySHA256=${hash}`, 'bodySHA256=']) {
      expect(await statusOf(inbox.deliver(withQuery(signed, query)))).toBe(401);
    }
    expect(await statusOf(inbox.deliver(withQuery(withBody(signed, '{}'), `bodySHA256=${other}`)))).toBe(401);
    expect(await statusOf(inbox.deliver(withBody(signed, '{}')))).toBe(401);
    expect(await statusOf(inbox.deliver(signed))).toBe(200);
  });

  it('rejects a signature for JSON on a form, and one for a form on JSON', async () => {
    const inbox = open();
    const signed = inbox.sign(json);
    const asForm = withType(signed, 'application/x-www-form-urlencoded');
    expect(await statusOf(inbox.deliver(asForm))).toBe(401);
    const hash = signed.query.get('bodySHA256');
    for (const body of [`%3FbodySHA256%3D=${hash}`, `%3FbodySHA256=%3D${hash}`, `%3F=bodySHA256%3D${hash}`]) {
      expect(await statusOf(inbox.deliver(withBody(asForm, body)))).toBe(401);
    }
    expect(await statusOf(inbox.deliver(withType(inbox.sign(sample), 'application/json')))).toBe(401);
  });

  it('rejects a form with a changed, a missing or an added parameter', async () => {
    const inbox = open();
    const signed = inbox.sign(form('MessageSid=SM1&Body=a+b&Empty='));
    for (const body of [
      'MessageSid=SM1&Body=ab&Empty=',
      'MessageSid=SM1&Body=a+b',
      'MessageSid=SM1&Body=a+b+&Empty=',
    ]) {
      expect(await statusOf(inbox.deliver(withBody(signed, body)))).toBe(401);
    }
    expect(await statusOf(inbox.deliver(withBody(signed, 'MessageSid=SM1&Body=a+b&Empty=&x=')))).toBe(401);
  });

  it('accepts the parameters of a form in any order and escaping', async () => {
    const inbox = open();
    const signed = inbox.sign(form('MessageSid=SM1&Body=a+b%E2%9C%94&a=2&a=1&a=2'));
    const same = withBody(signed, 'a=1&Body=%61%20b%e2%9c%94&a=2&MessageSid=SM1');
    expect(await statusOf(inbox.deliver(same))).toBe(200);
  });

  it('stores the states of one call as events of their own where there is no token', async () => {
    const inbox = open();
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    for (const [sequence, state] of ['in-progress', 'in-progress', 'completed'].entries()) {
      const body = `CallSid=CA1&CallStatus=${state}&SequenceNumber=${sequence}`;
      expect(await statusOf(inbox.deliver(inbox.sign({ headers, body, events: [] })))).toBe(200);
    }
    expect(inbox.items.map(({ event_type }) => event_type)).toEqual(['in-progress', 'in-progress', 'completed']);
  });

  it('identifies an event by its token, never by a parameter of the form', async () => {
    const inbox = open();
    await inbox.deliver(inbox.sign(form('id=1&type=x&time=y&MessageSid=SM1&MessageStatus=sent')));
    expect(inbox.items[0]).toMatchObject({
      event_id: headerOf(inbox.sign(sample), 'i-twilio-idempotency-token'),
      event_type: 'sent',
    });
  });

  it('accepts a query string that differs by message, and reads no event from it', async () => {
    const inbox = open();
    const query = 'orderId=42&note=a%20b&id=1&MessageSid=SM2';
    const request = withQuery(inbox.sign(sample), query);
    const signature = expectedTwilioSignature(TOKEN, `${request.url}?${query}`, fieldsOf(request));
    const signed = withHeaders(request, { 'x-twilio-signature': signature });
    expect(await inboxStatusOf(inbox.deliver(signed))).toBe('processed');
    expect(inbox.items[0]?.data).toMatchObject({ MessageSid: fieldsOf(signed).MessageSid });
    expect(await statusOf(inbox.deliver(withQuery(signed, query.replace('42', '43'))))).toBe(401);
  });

  it('accepts JSON under a query string that differs by message', async () => {
    const inbox = open();
    const query = `orderId=42&bodySHA256=${expectedBodyHash(`${inbox.sign(json).body}`)}`;
    const request = withQuery(inbox.sign(json), query);
    const signature = expectedTwilioSignature(TOKEN, `${request.url}?${query}`, {});
    const signed = withHeaders(request, { 'x-twilio-signature': signature });
    expect(await inboxStatusOf(inbox.deliver(signed))).toBe('processed');
    expect(await statusOf(inbox.deliver(withQuery(signed, query.replace('42', '43'))))).toBe(401);
  });

  it('accepts no form over 256 KiB, but JSON', async () => {
    const inbox = open();
    const long = 'x'.repeat(256 * 1024);
    expect(await statusOf(inbox.deliver(inbox.sign(form(`Body=${long}`))))).toBe(413);
    expect(await statusOf(inbox.deliver(inbox.sign(unsigned([{ specversion: '1.0', id: 'EZ1', long }]))))).toBe(200);
  });

  it('accepts a GET, whose query string is the event', async () => {
    const inbox = open();
    const query = 'CallSid=CA1&CallStatus=completed&From=%2B15550001111';
    const url = 'https://hooks.example.com/webhooks/twilio';
    const headers = new Map([['x-twilio-signature', [expectedTwilioSignature(TOKEN, `${url}?${query}`, {})]]]);
    const request = { ...bodiless('GET', query), headers };
    const result = await inbox.deliver(request);
    expect([result.statusCode, result.headers?.['Content-Type'], result.body]).toEqual([
      200,
      'text/xml',
      '<Response/>',
    ]);
    expect(inbox.items[0]).toMatchObject({ event_type: 'completed', data: { CallSid: 'CA1', status: 'completed' } });
    expect(await inboxStatusOf(inbox.deliver(request))).toBe('duplicate');
    expect(await statusOf(inbox.deliver(withQuery(request, query.replace('CA1', 'CA2'))))).toBe(401);
  });

  it('answers a form with an empty TwiML document, and JSON with JSON', async () => {
    const inbox = open();
    const { headers, body } = await inbox.deliver(inbox.sign(sample));
    expect([headers?.['Content-Type'], body]).toEqual(['text/xml', '<Response/>']);
    expect(JSON.parse((await inbox.deliver(inbox.sign(json))).body)).toMatchObject({ status: 'processed' });
  });

  const events = (...content: readonly object[]) => unsigned(content);
  const TEST = {
    specversion: '1.0',
    type: 'com.twilio.eventstreams.test-event',
    id: 'AC00000000000000000000000000000001',
  };

  it('stores each test of a sink, though all have the id of the account', async () => {
    const inbox = open();
    for (const test_id of ['1', '2', '2']) {
      await inbox.deliver(inbox.sign(events({ ...TEST, data: { test_id } })));
    }
    await inbox.deliver(inbox.sign(events({ ...TEST, data: {} })));
    expect(inbox.items.map(({ event_id }) => event_id)).toEqual(['1', '2', expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });

  it('identifies an event by its own id, whatever test id is in its data', async () => {
    const inbox = open();
    await inbox.deliver(inbox.sign(events({ ...TEST, type: 'com.twilio.other', data: { test_id: '1' } })));
    expect(inbox.items.map(({ event_id }) => event_id)).toEqual([TEST.id]);
  });

  it('stores an event in JSON without the fields that are odd', async () => {
    const inbox = open();
    const odd = { specversion: '1.0', id: 'EZ1', type: 7, time: 'noon', source: ['x'], data: 'text' };
    expect(await inboxStatusOf(inbox.deliver(inbox.sign(events(odd, { ...odd, id: 7 }))))).toBe('processed');
    const hash = expect.stringMatching(/^[0-9a-f]{64}$/);
    expect(inbox.items.map(({ event_id, event_type }) => [event_id, event_type])).toEqual([
      ['EZ1', undefined],
      [hash, undefined],
    ]);
  });

  it('stores a form without the parameters that are odd or unknown', async () => {
    const inbox = open();
    const deliver = (body: string) =>
      inboxStatusOf(inbox.deliver(inbox.sign(unsigned(body, sample.headers['content-type']))));
    expect(await deliver(`MessageSid=${'x'.repeat(300)}&MessageStatus=sent`)).toBe('processed');
    expect(await deliver('Digits=1')).toBe('processed');
    expect(inbox.items.map(({ event_type, data }) => [event_type, data])).toEqual([
      ['sent', { status: 'sent' }],
      [undefined, {}],
    ]);
  });

  it('identifies none of several events in a body by the token of the request', async () => {
    const inbox = open();
    const headers = { ...sample.headers, 'content-type': 'application/json' };
    const body = '[{"EventType":"onMessageAdded"},{"EventType":"onMessageRemoved"}]';
    await inbox.deliver(inbox.sign({ headers, body, events: [] }));
    expect(inbox.items.map(({ event_type }) => event_type)).toEqual(['onMessageAdded', 'onMessageRemoved']);
  });
});
