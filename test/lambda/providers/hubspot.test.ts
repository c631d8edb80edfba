import { describe, expect, it } from '@jest/globals';
import { hubspot } from '../../../lambda/providers/hubspot.ts';
import { nothingPublished } from '../../support/certificates.ts';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf, sharedKeys, statusesOf, unsigned } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const { signature } = hubspot();
const secret = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';

/** The examples of HubSpot's documentation; their body is no JSON, so that they test the scheme alone. */
const PUBLISHED = [
  ['1693657560000', 'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y='],
  ['1700000300000', 'RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw='],
] as const;

const published = (timestamp: string, claimed: string, method = 'POST') => ({
  method,
  url: 'https://www.example.com/webhook_uri',
  query: new URLSearchParams(),
  headers: new Map([
    ['x-hubspot-signature-v3', [claimed]],
    ['x-hubspot-request-timestamp', [timestamp]],
  ]),
  body: Buffer.from("{'example_field':'example_value'}"),
});

describe('A HubSpot signature', () => {
  it.each(PUBLISHED)('that HubSpot published for the time %s is valid', (timestamp, claimed) => {
    const verification = { secret, now: Number(timestamp), settings: {}, ...nothingPublished };
    expect(signature.verify(published(timestamp, claimed), verification)).toBe('valid');
    expect(signature.verify(published(timestamp, claimed, 'PUT'), verification)).toBe('mismatch');
  });

  it.each(['NaN', '1e12', ' 1693657560000', '-1'])('with the time %j is malformed', (timestamp) => {
    const verification = { secret, now: 1693657560000, settings: {}, ...nothingPublished };
    expect(signature.verify(published(timestamp, PUBLISHED[0][1]), verification)).toBe('malformed');
  });

  it.each([
    ['https://a.example/x?redirect=https%3A%2F%2fb.example%3Fc', 'https://a.example/x?redirect=https://b.example?c'],
    ['https://a.example/%40%21%24%27%28%29%2A%2C%3B', "https://a.example/@!$'()*,;"],
  ])('covers %s as %s', (url, asSigned) => {
    const [one, other] = [url, asSigned].map((each) => {
      const request = { ...published('0', ''), url: each };
      return signature.sign(request, { key: secret, now: 0, settings: {} }).headers.get('x-hubspot-signature-v3');
    });
    expect(one).toEqual(other);
  });

  it.each(['%20', '%26', '%3D', '%25', '%23', '%2B'])('leaves the escape %s as it is', (escaped) => {
    const [one, other] = [escaped, decodeURIComponent(escaped)].map((each) => {
      const request = { ...published('0', ''), url: `https://a.example/${each}` };
      return signature.sign(request, { key: secret, now: 0, settings: {} }).headers.get('x-hubspot-signature-v3');
    });
    expect(one).not.toEqual(other);
  });
});

describe('A HubSpot source', () => {
  const event = (fields: object = {}) => ({ eventId: 1, subscriptionId: 2, occurredAt: NOW, objectId: 123, ...fields });

  function open() {
    const inbox = providerInbox({ provider: 'hubspot', keys: sharedKeys(secret) });
    const deliver = (body: string | readonly object[]) => statusesOf(inbox.deliver(inbox.sign(unsigned(body))));
    return { ...inbox, deliver };
  }

  it('takes another attempt for a duplicate', async () => {
    const inbox = open();
    const { sample } = readVector('hubspot');
    const { body } = inbox.sign(sample);
    await inbox.deliver(body.toString());
    const again = body.toString().replaceAll('"attemptNumber":0', '"attemptNumber":1');
    expect(await inbox.deliver(again)).toEqual(['duplicate', 'duplicate']);
  });

  it('stores objects with 17 digits or text beside a usual one', async () => {
    const inbox = open();
    const other = JSON.stringify([event(), event({ eventId: 3, objectId: 'abc' })]).slice(1, -1);
    const large = JSON.stringify(event({ eventId: 2 })).replace('123', '12345678901234567');
    expect(await inbox.deliver(`[${other},${large}]`)).toEqual(['processed', 'processed', 'processed']);
    expect(inbox.items.map(({ data }) => data.object_id)).toEqual([123, 'abc', '12345678901234567']);
  });

  it('stores two events of neighbouring objects, whose ids JavaScript would round to the same number', async () => {
    const inbox = open();
    const of = (objectId: string) => JSON.stringify([event()]).replace('123', objectId);
    expect(await inbox.deliver(of('12345678901234567'))).toEqual(['processed']);
    expect(await inbox.deliver(of('12345678901234568'))).toEqual(['processed']);
    expect(await inbox.deliver(of('12345678901234567'))).toEqual(['duplicate']);
  });

  it.each([
    { objectId: true, portalId: 'x', subscriptionType: 7, propertyName: {} },
    { objectId: 'a'.repeat(10_000), propertyName: 'a'.repeat(10_000) },
    { objectId: null, fromObjectId: 'a', toObjectId: [] },
    { occurredAt: 'yesterday' },
    { occurredAt: -1 },
    { occurredAt: 1e300 },
    { eventId: '1' },
  ])('stores an event whose fields are odd: %j', async (fields) => {
    const inbox = open();
    expect(await inbox.deliver([event(fields)])).toEqual(['processed']);
    if (fields.occurredAt) expect(inbox.items[0]).not.toHaveProperty('occurred_at');
  });

  it.each([null, [], 'x', event({ eventId: null }), event({ subscriptionId: undefined }), event({ occurredAt: '' })])(
    'keeps %j in quarantine, and stores the event beside it',
    async (invalid) => {
      const inbox = open();
      expect(await inbox.deliver(JSON.stringify([invalid, event()]))).toEqual(['quarantined', 'processed']);
      expect(inbox.quarantined.map(({ reason }) => reason)).toEqual(['invalid_event']);
    },
  );

  it('keeps the body of a workflow, which is no list of events, in quarantine', async () => {
    const inbox = providerInbox({ provider: 'hubspot', keys: sharedKeys(secret) });
    expect(await inboxStatusOf(inbox.deliver(inbox.sign(unsigned({ portalId: 7 }))))).toBe('quarantined');
  });
});
