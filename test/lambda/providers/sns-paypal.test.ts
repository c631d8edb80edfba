import { createVerify, X509Certificate } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { localFetch } from '../../../cli/local/local-certificates.ts';
import { toSource } from '../../../lambda/receiver/config.ts';
import { paypalSignature } from '../../../lambda/signature/paypal.ts';
import type { SignedRequest } from '../../../lambda/signature/signed-request.ts';
import { snsSignature } from '../../../lambda/signature/sns.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { readVector, type VectorRequest } from '../../support/vectors.ts';

type Message = Record<string, unknown>;

const messageOf = ({ body }: SignedRequest): Message => JSON.parse(body.toString());
const withMessage = (request: SignedRequest, changed: Message): SignedRequest => ({
  ...request,
  body: Buffer.from(JSON.stringify({ ...messageOf(request), ...changed })),
});
const withHeader = (request: SignedRequest, name: string, value: string): SignedRequest => ({
  ...request,
  headers: new Map(request.headers).set(name, [value]),
});

describe('SNS', () => {
  const keys = snsSignature().generateKeys();
  const { sample, variants = [], handshakes = [] } = readVector('sns');
  const open = () => providerInbox({ provider: 'sns', keys });
  const SIGNED = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const unsigned = ['UnsubscribeURL', 'MessageAttributes'];

  it.each([sample, ...variants])('refuses a change of any field that is signed', async (request) => {
    const inbox = open();
    const signed = inbox.sign(request);
    for (const name of SIGNED.filter((each) => typeof messageOf(signed)[each] === 'string')) {
      for (const value of ['another', '', 7]) {
        expect([name, (await inbox.deliver(withMessage(signed, { [name]: value }))).statusCode]).toEqual([name, 401]);
      }
    }
    expect(inbox.items).toEqual([]);
    const rest = Object.fromEntries(unsigned.map((name) => [name, 'another']));
    expect((await inbox.deliver(withMessage(signed, rest))).statusCode).toBe(200);
  });

  it('refuses a subject that was put in or taken out', async () => {
    const inbox = open();
    const [without] = variants;
    const [subject, none] = [inbox.sign(sample), inbox.sign(without as VectorRequest)];
    expect((await inbox.deliver(withMessage(none, { Subject: 'x' }))).statusCode).toBe(401);
    expect((await inbox.deliver(withMessage(subject, { Subject: null }))).statusCode).toBe(401);
  });

  it('refuses a message whose lines were moved into another field', async () => {
    const inbox = open();
    const lines = {
      ...sample,
      body: sample.body.replace('"Message":"', '"Message":"one\\nMessageId\\ntwo\\nSubject\\n'),
    };
    const signed = inbox.sign(lines);
    expect((await inbox.deliver(signed)).statusCode).toBe(200);
    const { Message: text, MessageId: id, Subject: subject } = messageOf(signed);
    const rest = String(text).split('Subject\n')[1];
    const moved = { Message: 'one', MessageId: 'two', Subject: `${rest}\nMessageId\n${id}\nSubject\n${subject}` };
    expect((await inbox.deliver(withMessage(signed, moved))).statusCode).toBe(401);
  });

  it.each(['0', '3', '', '01', '__proto__', 2, null])('refuses the signature version %p', async (version) => {
    const inbox = open();
    const signed = inbox.sign(sample);
    expect((await inbox.deliver(withMessage(signed, { SignatureVersion: version }))).statusCode).toBe(401);
  });

  it('refuses a signature of one version as that of the other', async () => {
    const inbox = open();
    expect((await inbox.deliver(withMessage(inbox.sign(sample), { SignatureVersion: '1' }))).statusCode).toBe(401);
  });

  it.each(['constructor', 'Other', '__proto__'])('refuses a type that no one signs: %s', async (type) => {
    const inbox = open();
    expect((await inbox.deliver(withMessage(inbox.sign(sample), { Type: type }))).statusCode).toBe(401);
  });

  it('refuses raw delivery, whatever the body looks like', async () => {
    const inbox = open();
    expect((await inbox.deliver(withHeader(inbox.sign(sample), 'x-amz-sns-rawdelivery', 'true'))).statusCode).toBe(401);
  });

  it('refuses what is no message', async () => {
    const inbox = open();
    const signed = inbox.sign(sample);
    for (const body of ['', '[]', 'null', '"x"', '{', '{"Signature":""}']) {
      expect((await inbox.deliver({ ...signed, body: Buffer.from(body) })).statusCode).toBe(401);
    }
  });

  const { headers = {}, body = '' } = handshakes[0] ?? {};
  const confirmation = (change: Message = {}) => {
    const message = { ...JSON.parse(body.replaceAll('{{today:iso}}', '2026-03-01T00:00:00.000Z')), ...change };
    return { headers, body: JSON.stringify(message), events: [] };
  };

  /** An inbox whose requests to SNS, but for certificates, are answered with the status. */
  function confirming(answer: () => Response) {
    const calls: { url: string; init: RequestInit }[] = [];
    const source = toSource('sns', { provider: 'sns' });
    const certificates = localFetch(new Map([['sns', source]]), () => keys);
    const inbox = providerInbox({
      provider: 'sns',
      keys,
      async fetch(url, init) {
        if (url.pathname.endsWith('.pem')) return certificates(url, init);
        calls.push({ url: url.href, init });
        return answer();
      },
    });
    return { inbox, calls };
  }

  it('confirms a subscription where SNS says', async () => {
    const { inbox, calls } = confirming(() => new Response('<ok/>'));
    const signed = inbox.sign(confirmation());
    expect((await inbox.deliver(signed)).statusCode).toBe(200);
    expect(calls.map(({ url }) => url)).toEqual([messageOf(signed).SubscribeURL]);
    expect(calls[0]?.init).toMatchObject({ redirect: 'error', signal: expect.any(AbortSignal) });
    expect(inbox.items).toEqual([]);
  });

  it('confirms nothing that is not signed, or of another topic', async () => {
    const { inbox, calls } = confirming(() => new Response(''));
    const signed = inbox.sign(confirmation());
    expect((await inbox.deliver(withMessage(signed, { Token: 'x' }))).statusCode).toBe(401);
    expect((await inbox.deliver(withMessage(signed, { TopicArn: `${messageOf(signed).TopicArn}2` }))).statusCode).toBe(
      401,
    );
    expect(calls).toEqual([]);
  });

  it.each([
    'https://sns.us-east-1.amazonaws.com/?Action=ConfirmSubscription',
    'https://sns.eu-north-1.amazonaws.com.evil.example/?Action=ConfirmSubscription',
    'https://sns.eu-north-1.amazonaws.com@evil.example/?Action=ConfirmSubscription',
    'https://sns.eu-north-1.amazonaws.com:8443/?Action=ConfirmSubscription',
    'http://sns.eu-north-1.amazonaws.com/?Action=ConfirmSubscription',
    'https://user@sns.eu-north-1.amazonaws.com/?Action=ConfirmSubscription',
    'https://sns.eu-north-1.amazon\taws.com/?Action=ConfirmSubscription',
    'http://169.254.169.254/latest/meta-data/',
    'no URL',
  ])('calls no other URL, though it be signed: %s', async (SubscribeURL) => {
    const { inbox, calls } = confirming(() => new Response(''));
    await inbox.deliver(inbox.sign(confirmation({ SubscribeURL })));
    expect(calls).toEqual([]);
  });

  it.each([
    ['refuses', () => new Response('', { status: 403 })],
    ['cannot be reached', () => Promise.reject(new TypeError('fetch failed')) as unknown as Response],
  ])('is asked again where SNS %s', async (_, answer) => {
    const { inbox } = confirming(answer);
    const { statusCode, headers: answered } = await inbox.deliver(inbox.sign(confirmation()));
    expect([statusCode, answered?.['Retry-After']]).toEqual([503, expect.any(String)]);
  });
});

describe('PayPal', () => {
  const keys = paypalSignature().generateKeys();
  const { sample } = readVector('paypal');
  const settings = { webhookId: '8PT597110X687430LKGECATA', environment: 'live' };

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
  ])('names no certificate of its own: refused before any fetch: %s', async (url) => {
    const { inbox, calls } = counting();
    const { statusCode } = await inbox.deliver(withHeader(inbox.sign(sample), 'paypal-cert-url', url));
    expect([statusCode, calls]).toEqual([401, []]);
  });

  it.each([
    ['live', 'https://api-m.paypal.com/v1/notifications/certs/CERT-1'],
    ['sandbox', 'https://api-m.sandbox.paypal.com/v1/notifications/certs/CERT-1'],
  ])('names a certificate of %s', async (environment, url) => {
    const { inbox, calls } = counting({ ...settings, environment });
    await inbox.deliver(withHeader(inbox.sign(sample), 'paypal-cert-url', url));
    expect(calls).toEqual([url]);
  });

  it.each(['SHA1withRSA', 'sha256withrsa', 'none', 'SHA256withRSA,SHA256withRSA'])(
    'does not sign with %s',
    async (name) => {
      const { inbox, calls } = counting();
      const { statusCode } = await inbox.deliver(withHeader(inbox.sign(sample), 'paypal-auth-algo', name));
      expect([statusCode, calls]).toEqual([401, []]);
    },
  );

  it('signs for one webhook', async () => {
    const other = providerInbox({ provider: 'paypal', keys, settings: { ...settings, webhookId: 'ANOTHER' } });
    const signed = other.sign(sample);
    const inbox = providerInbox({ provider: 'paypal', keys, settings });
    expect((await inbox.deliver(signed)).statusCode).toBe(401);
    expect((await other.deliver(signed)).statusCode).toBe(200);
  });

  it('signs the time and the id of the transmission', async () => {
    const inbox = providerInbox({ provider: 'paypal', keys, settings });
    const signed = inbox.sign(sample);
    expect(
      (await inbox.deliver(withHeader(signed, 'paypal-transmission-time', '2026-03-01T12:00:01Z'))).statusCode,
    ).toBe(401);
    expect((await inbox.deliver(withHeader(signed, 'paypal-transmission-id', 'another'))).statusCode).toBe(401);
  });

  it('signs the checksum as an unsigned decimal, verified here by hand', async () => {
    const source = toSource('paypal', { provider: 'paypal', settings });
    const body = Buffer.from('{"n":3}');
    const signed = paypalSignature().sign(
      { method: 'POST', url: '', query: new URLSearchParams(), headers: new Map(), body },
      { key: keys.signing, now: Date.parse('2026-03-01T12:00:00Z'), settings },
    );
    const id = signed.headers.get('paypal-transmission-id')?.[0];
    const url = new URL(signed.headers.get('paypal-cert-url')?.[0] ?? '');
    const pem = await (await localFetch(new Map([['paypal', source]]), () => keys)(url, {})).text();
    const verifier = createVerify('RSA-SHA256').update(
      `${id}|2026-03-01T12:00:00Z|${settings.webhookId}|${crc32(body)}`,
    );
    const signature = signed.headers.get('paypal-transmission-sig')?.[0] ?? '';
    expect(crc32(body)).toBeGreaterThanOrEqual(0);
    expect(verifier.verify(new X509Certificate(pem).publicKey, signature, 'base64')).toBe(true);
  });
});
