import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf, sharedKeys, statusOf } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const open = () => providerInbox({ provider: 'twitch', keys: sharedKeys('the-secret') });
const { sample } = readVector('twitch');

describe('A Twitch source', () => {
  it('rejects an event under another id, which is signed too', async () => {
    const inbox = open();
    const other = withHeaders(inbox.sign(sample), { 'twitch-eventsub-message-id': 'another' });
    expect(await statusOf(inbox.deliver(other))).toBe(401);
  });

  it('stores an event whatever the type of its message is, which is not signed', async () => {
    const inbox = open();
    const other = { 'twitch-eventsub-message-type': 'webhook_callback_verification' };
    expect(await inboxStatusOf(inbox.deliver(withHeaders(inbox.sign(sample), other)))).toBe('processed');
    expect(inbox.items).toMatchObject([{ event_type: 'channel.follow' }]);
  });

  it('takes an event that holds a challenge for an event', async () => {
    const inbox = open();
    const body = JSON.stringify({ challenge: 'c', subscription: { type: 'channel.update' }, event: {} });
    expect(await inboxStatusOf(inbox.deliver(inbox.sign({ ...sample, body })))).toBe('processed');
  });

  it('accepts a signed time in nanoseconds', async () => {
    const inbox = open();
    const time = '2026-03-01T12:00:00.123456789Z';
    const id = 'm1';
    const signature = createHmac('sha256', 'the-secret').update(`${id}${time}{}`).digest('hex');
    const signed = withHeaders(inbox.sign({ ...sample, body: '{}' }), {
      'twitch-eventsub-message-id': id,
      'twitch-eventsub-message-timestamp': time,
      'twitch-eventsub-message-signature': `sha256=${signature}`,
    });
    expect(await inboxStatusOf(inbox.deliver(signed))).toBe('processed');
  });
});
