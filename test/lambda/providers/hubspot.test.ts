import { describe, expect, it } from '@jest/globals';
import { hubspot } from '../../../lambda/providers/hubspot.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { sharedKeys, statusesOf } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const { signature } = hubspot();
const certificates = { get: async () => 'unavailable' as const };
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
    const verification = { secret, now: Number(timestamp), settings: {}, certificates };
    expect(signature.verify(published(timestamp, claimed), verification)).toBe('valid');
    expect(signature.verify(published(timestamp, claimed, 'PUT'), verification)).toBe('mismatch');
  });

  it.each(['NaN', '1e12', ' 1693657560000', '-1'])('with the time %j is malformed', (timestamp) => {
    const verification = { secret, now: 1693657560000, settings: {}, certificates };
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

it('A HubSpot source takes another attempt for a duplicate', async () => {
  const inbox = providerInbox({ provider: 'hubspot', keys: sharedKeys(secret) });
  const { sample } = readVector('hubspot');
  await inbox.deliver(inbox.sign(sample));
  const again = { ...sample, body: sample.body.replaceAll('"attemptNumber":0', '"attemptNumber":1') };
  expect(await statusesOf(inbox.deliver(inbox.sign(again)))).toEqual(['duplicate', 'duplicate']);
});
