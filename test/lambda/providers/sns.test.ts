import { describe, expect, it } from '@jest/globals';
import { generate } from 'selfsigned';
import { localFetch } from '../../../cli/local/local-certificates.ts';
import { providers } from '../../../lambda/providers/index.ts';
import { toSource } from '../../../lambda/receiver/registered-source.ts';
import { type SignedRequest, withHeaders } from '../../../lambda/signature/signed-request.ts';
import { snsSignature } from '../../../lambda/signature/sns.ts';
import { exampleSettings } from '../../../samples/example-settings.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { statusOf, withBody } from '../../support/provider-requests.ts';
import { readVector, type VectorRequest } from '../../support/vectors.ts';

type Message = Record<string, unknown>;

const messageOf = ({ body }: SignedRequest): Message => JSON.parse(body.toString());
const withMessage = (request: SignedRequest, changed: Message): SignedRequest =>
  withBody(request, JSON.stringify({ ...messageOf(request), ...changed }));

describe('An SNS source', () => {
  const keys = snsSignature().generateKeys();
  const { sample, variants = [], handshakes = [] } = readVector('sns');
  const open = () => providerInbox({ provider: 'sns', keys });
  const SIGNED = ['Message', 'MessageId', 'Subject', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'];
  const unsigned = ['UnsubscribeURL', 'MessageAttributes'];

  const requests = [sample, ...variants].map((each) => [each.name ?? '', each] as const);

  it.each(requests)('rejects a change of any signed field: %s', async (_, request) => {
    const inbox = open();
    const signed = inbox.sign(request);
    for (const name of SIGNED.filter((each) => typeof messageOf(signed)[each] === 'string')) {
      for (const value of ['another', '', 7]) {
        expect([name, await statusOf(inbox.deliver(withMessage(signed, { [name]: value })))]).toEqual([name, 401]);
      }
    }
    expect(inbox.items).toEqual([]);
    const rest = Object.fromEntries(unsigned.map((name) => [name, 'another']));
    expect(await statusOf(inbox.deliver(withMessage(signed, rest)))).toBe(200);
  });

  it('rejects a message whose subject was added or removed', async () => {
    const inbox = open();
    const [without] = variants;
    const [subject, none] = [inbox.sign(sample), inbox.sign(without as VectorRequest)];
    expect(await statusOf(inbox.deliver(withMessage(none, { Subject: 'x' })))).toBe(401);
    expect(await statusOf(inbox.deliver(withMessage(subject, { Subject: null })))).toBe(401);
  });

  it('rejects a message whose lines were moved into another field', async () => {
    const inbox = open();
    const lines = {
      ...sample,
      body: sample.body.replace('"Message":"', '"Message":"one\\nMessageId\\ntwo\\nSubject\\n'),
    };
    const signed = inbox.sign(lines);
    expect(await statusOf(inbox.deliver(signed))).toBe(200);
    const { Message: text, MessageId: id, Subject: subject } = messageOf(signed);
    const rest = String(text).split('Subject\n')[1];
    const moved = { Message: 'one', MessageId: 'two', Subject: `${rest}\nMessageId\n${id}\nSubject\n${subject}` };
    expect(await statusOf(inbox.deliver(withMessage(signed, moved)))).toBe(401);
  });

  it.each(['0', '3', '', '01', '__proto__', 2, null])('rejects the signature version %p', async (version) => {
    const inbox = open();
    const signed = inbox.sign(sample);
    expect(await statusOf(inbox.deliver(withMessage(signed, { SignatureVersion: version })))).toBe(401);
  });

  it('rejects a signature of version 2 that claims to be one of version 1', async () => {
    const inbox = open();
    expect(await statusOf(inbox.deliver(withMessage(inbox.sign(sample), { SignatureVersion: '1' })))).toBe(401);
  });

  it.each(['constructor', 'Other', '__proto__'])(
    'rejects the message type %s, which SNS does not send',
    async (type) => {
      const inbox = open();
      expect(await statusOf(inbox.deliver(withMessage(inbox.sign(sample), { Type: type })))).toBe(401);
    },
  );

  it.each([
    'arn:aws:sns:eu-south-1:123456789012:harbor-alarms',
    'arn:aws-us-gov:sns:us-gov-east-1:123456789012:harbor-alarms',
    'arn:aws-cn:sns:cn-north-1:123456789012:harbor-alarms',
  ])('accepts a message of the topic %s, signed with the certificate of its region', async (topicArn) => {
    const inbox = providerInbox({ provider: 'sns', keys, settings: { topicArn } });
    const body = sample.body.replace('arn:aws:sns:eu-north-1:123456789012:harbor-alarms', topicArn);
    expect(await statusOf(inbox.deliver(inbox.sign({ ...sample, body })))).toBe(200);
    expect(inbox.items[0]?.data).toMatchObject({ topic_arn: topicArn });
  });

  it.each(['sns-signing.eu-south-2.amazonaws.com', 'sns-cn-north-1.amazonaws.com.cn', 'example.com'])(
    'rejects a message of a region that is signed with a certificate of %s',
    async (subject) => {
      const topicArn = 'arn:aws:sns:eu-south-1:123456789012:harbor-alarms';
      const { cert, private: signing } = await generate([{ name: 'commonName', value: subject }], {
        notBeforeDate: new Date('2000-01-01T00:00:00Z'),
        notAfterDate: new Date('2049-01-01T00:00:00Z'),
      });
      const own = { signing, verification: '' };
      const fetch = async () => new Response(cert);
      const inbox = providerInbox({ provider: 'sns', keys: own, settings: { topicArn }, fetch });
      const body = sample.body.replace('arn:aws:sns:eu-north-1:123456789012:harbor-alarms', topicArn);
      expect(await statusOf(inbox.deliver(inbox.sign({ ...sample, body })))).toBe(401);
    },
  );

  it('stores a message without the fields that are odd', async () => {
    const inbox = open();
    const body = JSON.stringify({ ...JSON.parse(sample.body), Timestamp: 'noon', Subject: 'x'.repeat(300) });
    expect(await statusOf(inbox.deliver(inbox.sign({ ...sample, body })))).toBe(200);
    expect(inbox.items[0]).toMatchObject({ event_type: 'Notification', data: { topic_arn: expect.any(String) } });
    expect(inbox.items[0]?.data.subject).toBeUndefined();
    expect(inbox.items[0]?.occurred_at).toBeUndefined();
  });

  it('rejects raw delivery, even of a signed body', async () => {
    const inbox = open();
    expect(await statusOf(inbox.deliver(withHeaders(inbox.sign(sample), { 'x-amz-sns-rawdelivery': 'true' })))).toBe(
      401,
    );
  });

  it('rejects a body that is no message', async () => {
    const inbox = open();
    const signed = inbox.sign(sample);
    for (const body of ['', '[]', 'null', '"x"', '{', '{"Signature":""}']) {
      expect(await statusOf(inbox.deliver(withBody(signed, body)))).toBe(401);
    }
  });

  const { headers = {}, body = '' } = handshakes[0] ?? {};
  const confirmation = (change: Message = {}) => {
    const message = { ...JSON.parse(body.replaceAll('{{today:iso}}', '2026-03-01T00:00:00.000Z')), ...change };
    return { headers, body: JSON.stringify(message), events: [] };
  };

  /** An inbox and its requests to SNS, other than those for certificates. */
  function confirming(answer: () => Response) {
    const calls: { url: string; init: RequestInit }[] = [];
    const source = toSource('sns', { provider: 'sns', settings: exampleSettings(providers.sns()) });
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

  it('confirms a subscription by calling the URL in the signed message', async () => {
    const { inbox, calls } = confirming(() => new Response('<ok/>'));
    const signed = inbox.sign(confirmation());
    expect(await statusOf(inbox.deliver(signed))).toBe(200);
    expect(calls.map(({ url }) => url)).toEqual([messageOf(signed).SubscribeURL]);
    expect(calls[0]?.init).toMatchObject({ redirect: 'error', signal: expect.any(AbortSignal) });
    expect(inbox.items).toEqual([]);
  });

  it('confirms no subscription that is not signed, or that is to another topic', async () => {
    const { inbox, calls } = confirming(() => new Response(''));
    const signed = inbox.sign(confirmation());
    expect(await statusOf(inbox.deliver(withMessage(signed, { Token: 'x' })))).toBe(401);
    expect(await statusOf(inbox.deliver(withMessage(signed, { TopicArn: `${messageOf(signed).TopicArn}2` })))).toBe(
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
  ])('calls no URL outside of SNS, even a signed one: %s', async (SubscribeURL) => {
    const { inbox, calls } = confirming(() => new Response(''));
    await inbox.deliver(inbox.sign(confirmation({ SubscribeURL })));
    expect(calls).toEqual([]);
  });

  it.each([
    ['rejects it', () => new Response('', { status: 403 })],
    ['cannot be reached', () => Promise.reject(new TypeError('fetch failed')) as unknown as Response],
  ])('answers 503 to a confirmation where SNS %s, so that SNS sends it again', async (_, answer) => {
    const { inbox } = confirming(answer);
    const { statusCode, headers: answered } = await inbox.deliver(inbox.sign(confirmation()));
    expect([statusCode, answered?.['Retry-After']]).toEqual([503, expect.any(String)]);
  });
});
