import { describe, expect, it } from '@jest/globals';
import type { SignedRequest } from '../../../lambda/signature/signed-request.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf, sharedKeys, statusOf, unsigned } from '../../support/provider-requests.ts';

const open = () => providerInbox({ provider: 'monday', keys: sharedKeys('the-signing-secret') });

const post = (body: string): SignedRequest => ({
  method: 'POST',
  url: '',
  query: new URLSearchParams(),
  headers: new Map([['content-type', ['application/json']]]),
  body: Buffer.from(body),
});

describe('A monday.com source', () => {
  it.each([
    ['with an event beside it', '{"challenge":"a","event":{"triggerUuid":"b"}}'],
    ['with markup', '{"challenge":"<script>"}'],
    ['of another type', '{"challenge":7}'],
    ['of 2,000 characters', JSON.stringify({ challenge: 'a'.repeat(2_000) })],
    ['in a list', '[{"challenge":"a"}]'],
  ])('rejects a challenge %s that is not signed', async (_, body) => {
    const inbox = open();
    expect(await statusOf(inbox.deliver(post(body)))).toBe(401);
    expect(inbox.items).toEqual([]);
  });

  it('answers a challenge that is signed', async () => {
    const inbox = open();
    const { statusCode, body } = await inbox.deliver(inbox.sign(unsigned({ challenge: 'abc' })));
    expect([statusCode, JSON.parse(body)]).toEqual([200, { challenge: 'abc' }]);
  });

  it('stores the events of two webhooks that one change has triggered', async () => {
    const inbox = open();
    for (const [subscriptionId, expected] of [
      [1, 'processed'],
      [2, 'processed'],
      [1, 'duplicate'],
    ] as const) {
      const event = { triggerUuid: '504b', subscriptionId, type: 'create_pulse' };
      expect(await inboxStatusOf(inbox.deliver(inbox.sign(unsigned({ event }))))).toBe(expected);
    }
  });
});
