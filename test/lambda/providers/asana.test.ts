import { describe, expect, it } from '@jest/globals';
import { asana } from '../../../lambda/providers/asana.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { bodiless, inboxStatusOf, sharedKeys, unsigned } from '../../support/provider-requests.ts';

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

describe("Asana's request during the creation of a webhook", () => {
  const SECRET = 'b537207f20cbfa02357cf448134da559e8bd39d61597dcd5631b8012eae53e81';
  const { handshakes } = asana();
  const read = (headers: Readonly<Record<string, readonly string[]>>, { method = 'POST', body = '{}' } = {}) =>
    handshakes?.handOut?.read({
      ...bodiless(method),
      headers: new Map(Object.entries(headers)),
      body: Buffer.from(body),
      settings: {},
    });
  const given = { 'x-hook-secret': [SECRET] };

  it('hands out a secret, which goes back in a header', () => {
    const handedOut = { secret: SECRET, response: { status: 200, body: '' }, header: 'X-Hook-Secret' };
    expect(read(given)).toEqual(handedOut);
    expect(read(given, { body: ' '.repeat(1_024) })).toEqual(handedOut);
  });

  it.each([
    ['GET', given, { method: 'GET' }],
    ['POST with a signature, as an event has it', { ...given, 'x-hook-signature': ['a'.repeat(64)] }, {}],
    ['POST with two signatures', { ...given, 'x-hook-signature': ['a', 'b'] }, {}],
    ['POST with 1,025 bytes', given, { body: ' '.repeat(1_025) }],
    ['POST without a secret', {}, {}],
    ['POST with two secrets', { 'x-hook-secret': [SECRET, SECRET] }, {}],
    ['POST with a secret of another form', { 'x-hook-secret': [`${SECRET}:`] }, {}],
  ])('is not a %s', (_, headers, more) => {
    expect(read(headers, more)).toBeUndefined();
  });
});
