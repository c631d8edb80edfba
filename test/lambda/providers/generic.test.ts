import { expect, it } from '@jest/globals';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { sharedKeys, unsigned } from '../../support/provider-requests.ts';

it.each(['\u0000', 'evt\n1', 'evt_1\u007f', 'evt_1\u0085'])(
  'A generic source rejects the event id %j, which has a control character',
  async (event_id) => {
    const inbox = providerInbox({ provider: 'generic', keys: sharedKeys('the-secret') });
    const event = { event_id, user_id: 'user_42', action: 'invoice.paid', timestamp: Math.floor(NOW / 1000) };
    const { statusCode, body } = await inbox.deliver(inbox.sign(unsigned(event)));
    expect([statusCode, JSON.parse(body).errors]).toEqual([
      422,
      [{ path: 'event_id', expected: 'no control characters' }],
    ]);
  },
);
