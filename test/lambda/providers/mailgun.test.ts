import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { SignedRequest } from '../../../lambda/signature/signed-request.ts';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { sharedKeys, statusOf, withBody } from '../../support/provider-requests.ts';
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
      { ...own, timestamp: Number(timestamp) },
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
});
