import { describe, expect, it } from '@jest/globals';
import { providerInbox } from '../../support/provider-inbox.ts';
import { sharedKeys, unsigned } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const open = () => providerInbox({ provider: 'xero', keys: sharedKeys('the-key') });

describe('A Xero source', () => {
  it('answers "Intent to receive" with 200, and with 401 where the signature is wrong', async () => {
    const inbox = open();
    const validation = unsigned({ events: [], lastEventSequence: 0, firstEventSequence: 0, entropy: 'S0m3r4Nd0mt3xt' });
    const { statusCode, body } = await inbox.deliver(inbox.sign(validation));
    expect([statusCode, body]).toEqual([200, '']);
    expect((await inbox.deliver(inbox.sign(validation, 'another-key'))).statusCode).toBe(401);
    expect([...inbox.items, ...inbox.quarantined]).toEqual([]);
  });

  it('acknowledges events with an empty body', async () => {
    const inbox = open();
    const { statusCode, body } = await inbox.deliver(inbox.sign(readVector('xero').sample));
    expect([statusCode, body, inbox.items.length]).toEqual([200, '', 2]);
  });

  it('recognizes an event of a batch that is cut in another way', async () => {
    const inbox = open();
    const event = { tenantId: 't', resourceId: 'r', eventDateUtc: '2026-03-01T11:59:00.1', eventType: 'UPDATE' };
    const other = { ...event, eventDateUtc: '2026-03-01T11:59:00.2' };
    await inbox.deliver(inbox.sign(unsigned({ events: [event], entropy: 'a' })));
    await inbox.deliver(inbox.sign(unsigned({ events: [event, other], entropy: 'b' })));
    expect(inbox.items.map(({ occurred_at }) => occurred_at)).toEqual([
      '2026-03-01T11:59:00.100Z',
      '2026-03-01T11:59:00.200Z',
    ]);
  });
});
