import { createVerify, X509Certificate } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { localFetch } from '../../../cli/local/local-certificates.ts';
import { toSource } from '../../../lambda/receiver/registered-source.ts';
import { paypalSignature } from '../../../lambda/signature/paypal.ts';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { bodiless, headerOf, statusOf, withBody } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

describe('A PayPal source', () => {
  const keys = paypalSignature().generateKeys();
  const { sample } = readVector('paypal');
  const settings = { webhookId: '8PT597110X687430LKGECATA', environment: 'live' };

  /** An inbox that finds no certificate, and the URLs that it looked at. */
  function counting(given = settings) {
    const calls: string[] = [];
    const inbox = providerInbox({
      provider: 'paypal',
      keys,
      settings: given,
      async fetch(url) {
        calls.push(url.href);
        return new Response('', { status: 404 });
      },
    });
    return { inbox, calls };
  }

  it.each([
    'https://api.paypal.com.evil.example/v1/notifications/certs/CERT-1',
    'https://evil.example/v1/notifications/certs/CERT-1?api.paypal.com',
    'https://evil-api.paypal.com/v1/notifications/certs/CERT-1',
    'https://www.paypal.com/v1/notifications/certs/CERT-1',
    'https://api.sandbox.paypal.com/v1/notifications/certs/CERT-1',
    'https://user@api.paypal.com/v1/notifications/certs/CERT-1',
    'https://api.paypal.com:8443/v1/notifications/certs/CERT-1',
    'http://api.paypal.com/v1/notifications/certs/CERT-1',
    'https://api.paypal.com/v1/notifications/certs/CERT-1?x=y',
    'https://api.paypal.com/v1/notifications/certs/CERT-1#',
    'https://api.paypal.com/v1/notifications/certs/../../other',
    'https://api.paypal.com/v1/oauth2/token',
  ])("rejects, without fetching it, a certificate URL that is not PayPal's: %s", async (url) => {
    const { inbox, calls } = counting();
    const { statusCode } = await inbox.deliver(withHeaders(inbox.sign(sample), { 'paypal-cert-url': url }));
    expect([statusCode, calls]).toEqual([401, []]);
  });

  it.each([
    ['live', 'https://api-m.paypal.com/v1/notifications/certs/CERT-1'],
    ['sandbox', 'https://api-m.sandbox.paypal.com/v1/notifications/certs/CERT-1'],
  ])('of the %s environment fetches the certificate from %s', async (environment, url) => {
    const { inbox, calls } = counting({ ...settings, environment });
    await inbox.deliver(withHeaders(inbox.sign(sample), { 'paypal-cert-url': url }));
    expect(calls).toEqual([url]);
  });

  it.each(['SHA1withRSA', 'sha256withrsa', 'none', 'SHA256withRSA,SHA256withRSA'])(
    'rejects the signature algorithm %s',
    async (name) => {
      const { inbox, calls } = counting();
      const { statusCode } = await inbox.deliver(withHeaders(inbox.sign(sample), { 'paypal-auth-algo': name }));
      expect([statusCode, calls]).toEqual([401, []]);
    },
  );

  it('rejects what was signed for another webhook id', async () => {
    const other = providerInbox({ provider: 'paypal', keys, settings: { ...settings, webhookId: 'ANOTHER' } });
    const signed = other.sign(sample);
    const inbox = providerInbox({ provider: 'paypal', keys, settings });
    expect(await statusOf(inbox.deliver(signed))).toBe(401);
    expect((await other.deliver(signed)).statusCode).toBe(200);
  });

  it('rejects another time or another id of the transmission', async () => {
    const inbox = providerInbox({ provider: 'paypal', keys, settings });
    const signed = inbox.sign(sample);
    expect(
      await statusOf(inbox.deliver(withHeaders(signed, { 'paypal-transmission-time': '2026-03-01T12:00:01Z' }))),
    ).toBe(401);
    expect(await statusOf(inbox.deliver(withHeaders(signed, { 'paypal-transmission-id': 'another' })))).toBe(401);
  });

  it('signs the checksum of the body as an unsigned decimal', async () => {
    const source = toSource('paypal', { provider: 'paypal', settings });
    const request = withBody(bodiless('POST'), '{"n":3}');
    const signed = paypalSignature().sign(request, {
      key: keys.signing,
      now: Date.parse('2026-03-01T12:00:00Z'),
      settings,
    });
    const id = headerOf(signed, 'paypal-transmission-id');
    const url = new URL(headerOf(signed, 'paypal-cert-url'));
    const pem = await (await localFetch(new Map([['paypal', source]]), () => keys)(url, {})).text();
    const verifier = createVerify('RSA-SHA256').update(
      `${id}|2026-03-01T12:00:00Z|${settings.webhookId}|${crc32(request.body)}`,
    );
    const signature = headerOf(signed, 'paypal-transmission-sig');
    expect(crc32(request.body)).toBeGreaterThanOrEqual(0);
    expect(verifier.verify(new X509Certificate(pem).publicKey, signature, 'base64')).toBe(true);
  });
});
