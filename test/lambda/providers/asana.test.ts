import { describe, expect, it } from '@jest/globals';
import { providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf, sharedKeys, unsigned } from '../../support/provider-requests.ts';

const open = () => providerInbox({ provider: 'asana', keys: sharedKeys('the-secret-of-a-webhook') });

describe('An Asana source', () => {
  it('acknowledges each heartbeat, and stores nothing', async () => {
    const inbox = open();
    for (const _ of ['the first', 'the second']) {
      const { statusCode, headers } = await inbox.deliver(inbox.sign(unsigned({ events: [] })));
      expect([statusCode, headers?.['Inbox-Status']]).toEqual([200, 'processed']);
    }
    expect(inbox.items).toEqual([]);
  });

  it('stores two changes of one task, and neither twice', async () => {
    const inbox = open();
    const change = (created_at: string) => ({ action: 'changed', created_at, resource: { gid: '1' } });
    const now = new Date(inbox.clock.now).getTime();
    const [one, other] = [0, 1].map((later) => change(new Date(now - 1_000 + later).toISOString()));
    await inbox.deliver(inbox.sign(unsigned({ events: [one, other] })));
    expect(inbox.items).toHaveLength(2);
    expect(await inboxStatusOf(inbox.deliver(inbox.sign(unsigned({ events: [other] }))))).toBe('duplicate');
    expect(inbox.items).toHaveLength(2);
  });
});
