import { describe, expect, it } from '@jest/globals';
import { paypalSignature } from '../../../lambda/signature/paypal.ts';
import { plainContext, plainRequest } from '../../support/plain-request.ts';

const RIGHT: Readonly<Record<string, string>> = {
  'paypal-transmission-id': '69cd13f0-d67a-11e5-baa3-778b53f4ae55',
  'paypal-transmission-time': '1970-01-01T00:00:00Z',
  'paypal-transmission-sig': 'AAAA',
  'paypal-cert-url': 'https://api.paypal.com/v1/notifications/certs/CERT-1',
  'paypal-auth-algo': 'SHA256withRSA',
};
const FOUR_DAYS = 4 * 24 * 3_600_000;
const verdict = (headers: Record<string, string | string[]>, now = 0) =>
  paypalSignature().verify(plainRequest('{}', headers), {
    ...plainContext,
    settings: { webhookId: '8PT597110X687430LKGECATA', environment: 'live' },
    secret: '',
    now,
  });

describe('The CRC-32 that PayPal signs', () => {
  it('is the same for other bodies, to which a captured signature can be moved', () => {
    const scheme = paypalSignature();
    const { signing: key } = scheme.generateKeys();
    const settings = { webhookId: '8PT597110X687430LKGECATA', environment: 'live' };
    const [one, other] = ['{"id":"plumless"}', '{"id":"buckeroo"}']
      .map((body) => scheme.sign(plainRequest(body, RIGHT), { ...plainContext, key, settings }))
      .map(({ headers }) => headers.get('paypal-transmission-sig'));
    expect(scheme.bodyCoverage).toBe('checksum');
    expect(one).toEqual(other);
  });
});

describe('The verdict on a message of PayPal', () => {
  it.each(Object.entries(RIGHT))('is missing if the header %s is missing or sent twice', async (name, value) => {
    const { [name]: _, ...rest } = RIGHT;
    expect(await verdict(rest)).toBe('missing');
    expect(await verdict({ ...rest, [name]: [value, value] })).toBe('missing');
  });

  it.each([
    ['paypal-transmission-id', '1|2'],
    ['paypal-transmission-id', ''],
    ['paypal-transmission-time', 'now'],
    ['paypal-transmission-sig', 'AAA'],
    ['paypal-cert-url', 'https://example.com/v1/notifications/certs/CERT-1'],
    ['paypal-auth-algo', 'SHA1withRSA'],
  ])('is malformed where %s is %j', async (name, value) => {
    expect(await verdict({ ...RIGHT, [name]: value })).toBe('malformed');
  });

  it('is outside_tolerance four days after the transmission time', async () => {
    expect(await verdict(RIGHT)).toBe('mismatch');
    expect(await verdict(RIGHT, FOUR_DAYS)).toBe('mismatch');
    expect(await verdict(RIGHT, FOUR_DAYS + 1)).toBe('outside_tolerance');
  });
});
