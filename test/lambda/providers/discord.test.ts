import { describe, expect, it } from '@jest/globals';
import { discord } from '../../../lambda/providers/discord.ts';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf, statusOf, unsigned } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const keys = discord().signature.generateKeys();
const open = () => providerInbox({ provider: 'discord', keys });

describe('A Discord source', () => {
  it('tells an event of type 1 from a ping of type 1', async () => {
    const inbox = open();
    expect((await inbox.deliver(inbox.sign(unsigned({ type: 1, id: '1' })))).body).toBe('{"type":1}');
    expect(inbox.items).toEqual([]);
    await inbox.deliver(inbox.sign(readVector('discord').sample));
    expect(inbox.items).toHaveLength(1);
  });

  it('stores two events that differ in their time alone', async () => {
    const inbox = open();
    for (const fraction of ['000001', '000002']) {
      const timestamp = `${new Date(NOW).toISOString().slice(0, 19)}.${fraction}`;
      await inbox.deliver(inbox.sign(unsigned({ type: 1, event: { type: 'QUEST_USER_ENROLLMENT', timestamp } })));
    }
    expect(inbox.items).toHaveLength(2);
  });

  const at = (timestamp: string) => unsigned({ type: 1, event: { type: 'ENTITLEMENT_CREATE', timestamp } });

  it.each(['', 'Z', '.2', '.250000000Z', '+00:00', '-00:00'])(
    'accepts a time with %j after its seconds',
    async (rest) => {
      const inbox = open();
      await inbox.deliver(inbox.sign(at(`2026-03-01T12:00:00${rest}`)));
      expect(inbox.items[0]?.occurred_at?.slice(0, 19)).toBe('2026-03-01T12:00:00');
    },
  );

  it.each([
    '+002026-03-01T12:00:00Z',
    '2026-03-01T12:00:00Z (UTC)',
    '2026-03-01T12:00:00.2500000000Z',
    '2026-13-01T12:00:00Z',
  ])('stores an event with the time %s, which is no ISO 8601 time, and leaves the time out', async (timestamp) => {
    const inbox = open();
    expect(await inboxStatusOf(inbox.deliver(inbox.sign(at(timestamp))))).toBe('processed');
    expect(inbox.items[0]).not.toHaveProperty('occurred_at');
  });

  it('acknowledges an event with 204 and no body, also the second time', async () => {
    const inbox = open();
    for (const status of ['processed', 'duplicate']) {
      const { statusCode, body, headers } = await inbox.deliver(inbox.sign(readVector('discord').sample));
      expect([statusCode, body, headers?.['Inbox-Status']]).toEqual([204, '', status]);
    }
  });

  it('acknowledges an interaction with 200 and JSON', async () => {
    const inbox = open();
    const { statusCode, body } = await inbox.deliver(inbox.sign(unsigned({ type: 2, id: '1' })));
    expect([statusCode, JSON.parse(body)]).toEqual([200, { status: 'processed', event_id: '1' }]);
  });

  it.each([
    { type: '2', id: '1', application_id: 7, guild_id: {} },
    { id: '1', application_id: 'a'.repeat(10_000) },
    { type: 1, event: { type: 7, timestamp: 7 } },
    { type: 1, event: {} },
  ])('stores %j, whose other fields are odd', async (content) => {
    const inbox = open();
    expect(await inboxStatusOf(inbox.deliver(inbox.sign(unsigned(content))))).toBe('processed');
  });

  it.each([
    [[{ type: 1, event: {} }], 'invalid_event'],
    [{ type: 2 }, 'no_event_id'],
    [{ type: 1, event: 'x' }, 'no_event_id'],
  ])('keeps %j in quarantine, since nothing identifies an event', async (content, reason) => {
    const inbox = open();
    expect(await inboxStatusOf(inbox.deliver(inbox.sign(unsigned(content))))).toBe('quarantined');
    expect(inbox.quarantined.map((item) => item.reason)).toEqual([reason]);
  });

  it('answers 503, not 401, where the stored key is not 32 bytes in hexadecimal', async () => {
    const short = { signing: keys.signing, verification: 'ab'.repeat(31) };
    const inbox = providerInbox({ provider: 'discord', keys: short });
    expect(await statusOf(inbox.deliver(inbox.sign(readVector('discord').sample)))).toBe(503);
  });
});
