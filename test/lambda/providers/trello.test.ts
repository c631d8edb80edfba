import { describe, expect, it } from '@jest/globals';
import { providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf, sharedKeys, statusOf, unsigned } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const URL = 'https://hooks.example.com/webhooks/trello?board=7';
const open = (publicUrl = URL) => providerInbox({ provider: 'trello', keys: sharedKeys('the-secret'), publicUrl });
const { sample } = readVector('trello');

describe('A Trello source', () => {
  it('rejects a request that was signed for another URL', async () => {
    expect(await statusOf(open().deliver(open('https://hooks.example.com/other').sign(sample)))).toBe(401);
  });

  it('stores an action once for each model whose webhook reports it', async () => {
    const inbox = open();
    const action = { id: 'a1', type: 'updateCard' };
    for (const [id, status] of [
      ['board', 'processed'],
      ['card', 'processed'],
      ['board', 'duplicate'],
    ]) {
      const request = inbox.sign(unsigned({ action, model: { id } }));
      expect(await inboxStatusOf(inbox.deliver(request))).toBe(status);
    }
  });
});
