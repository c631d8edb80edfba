import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { SignedRequest } from '../../../lambda/signature/signed-request.ts';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf, sharedKeys, statusOf, withBody } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const { sample } = readVector('mailgun');
const open = () => providerInbox({ provider: 'mailgun', keys: sharedKeys('the-secret') });
const signatureOf = ({ body }: SignedRequest) => JSON.parse(body.toString()).signature;
const withSignature = (request: SignedRequest, signature: unknown): SignedRequest =>
  withBody(request, JSON.stringify({ ...JSON.parse(request.body.toString()), signature }));

const otherDigit = (hex: string) => hex.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));

describe('A Mailgun source', () => {
  it('rejects a body without its signature, or with another', async () => {
    const inbox = open();
    const signed = inbox.sign(sample);
    const own = signatureOf(signed);
    const { timestamp, token, signature } = own;
    for (const given of [
      undefined,
      null,
      'x',
      [],
      {},
      { ...own, signature: undefined },
      { ...own, signature: '' },
      { ...own, signature: [signature] },
      { ...own, signature: otherDigit(signature) },
      { ...own, token: undefined },
      { ...own, token: otherDigit(token) },
      { ...own, timestamp: Number(timestamp) + 0.5 },
      { ...own, timestamp: Number(timestamp) + 1 },
      { ...own, timestamp: String(Number(timestamp) + 1) },
      { ...own, timestamp: timestamp + token[0], token: token.slice(1) },
      { ...own, timestamp: timestamp.slice(0, -1), token: timestamp.slice(-1) + token },
    ]) {
      expect(await statusOf(inbox.deliver(withSignature(signed, given)))).toBe(401);
    }
    expect(inbox.items).toEqual([]);
    expect(await statusOf(inbox.deliver(withSignature(signed, own)))).toBe(200);
  });

  it.each([49, 51])('rejects a token of %d characters, though it is signed', async (length) => {
    const inbox = open();
    const [timestamp, token] = [String(Math.floor(NOW / 1000)), 'a'.repeat(length)];
    const signature = createHmac('sha256', 'the-secret')
      .update(timestamp + token)
      .digest('hex');
    const signed = withSignature(inbox.sign(sample), { timestamp, token, signature });
    expect(await statusOf(inbox.deliver(signed))).toBe(401);
  });

  it.each(['', '[]', 'null', '{', '{"signature":{"signature":"x"}}'])(
    'rejects the body %j, which holds no signature',
    async (body) => {
      const inbox = open();
      expect(await statusOf(inbox.deliver(withBody(inbox.sign(sample), body)))).toBe(401);
    },
  );

  it('accepts the signed time as a number, since it is signed as text', async () => {
    const inbox = open();
    const signed = inbox.sign(sample);
    const own = signatureOf(signed);
    expect(await statusOf(inbox.deliver(withSignature(signed, { ...own, timestamp: Number(own.timestamp) })))).toBe(
      200,
    );
  });

  const withEvent = (request: SignedRequest, fields: object) => {
    const body = JSON.parse(request.body.toString());
    return withBody(request, JSON.stringify({ ...body, 'event-data': { ...body['event-data'], ...fields } }));
  };

  it('accepts no body over 256 KiB', async () => {
    const inbox = open();
    const body = sample.body.replace('{', `{"padding":"${'x'.repeat(256 * 1024)}",`);
    expect(await statusOf(inbox.deliver(inbox.sign({ ...sample, body })))).toBe(413);
  });

  it('stores nothing for a captured signature that carries another event', async () => {
    const inbox = open();
    const signed = inbox.sign(sample);
    await inbox.deliver(signed);
    expect(await inboxStatusOf(inbox.deliver(withEvent(signed, { id: 'forged', event: 'failed' })))).toBe('duplicate');
    expect(inbox.items.map(({ event_id }) => event_id)).toEqual([signatureOf(signed).token]);
  });

  it('keeps a message id of 998 characters and a recipient of 267', async () => {
    const inbox = open();
    const fields = { recipient: 'a'.repeat(267), message: { headers: { 'message-id': 'a'.repeat(998) } } };
    await inbox.deliver(withEvent(inbox.sign(sample), fields));
    expect(inbox.items[0]?.data).toEqual({ recipient: 'a'.repeat(267), message_id: 'a'.repeat(998) });
  });

  it.each([
    { id: 7, event: 7, timestamp: 'yesterday', recipient: {}, message: 'x' },
    { event: 'a'.repeat(10_000), timestamp: -1, recipient: 'a'.repeat(10_000), message: { headers: [] } },
    { id: null, event: null, timestamp: null, recipient: null, message: null },
    { message: { headers: { 'message-id': 'a'.repeat(999) } } },
  ])('stores an event whose fields are odd: %j', async (fields) => {
    const inbox = open();
    expect(await inboxStatusOf(inbox.deliver(withEvent(inbox.sign(sample), fields)))).toBe('processed');
  });

  it.each([undefined, null, [], 'x'])('keeps a body whose event-data is %j in quarantine', async (data) => {
    const inbox = open();
    const signed = inbox.sign(sample);
    const body = { ...JSON.parse(signed.body.toString()), 'event-data': data };
    expect(await inboxStatusOf(inbox.deliver(withBody(signed, JSON.stringify(body))))).toBe('quarantined');
    expect(inbox.quarantined.map(({ reason }) => reason)).toEqual(['invalid_event']);
  });
});
