import { describe, expect, it } from '@jest/globals';
import { intercom } from '../../../lambda/providers/intercom.ts';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { bodiless, inboxStatusOf, sharedKeys, statusOf, unsigned } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const open = () => providerInbox({ provider: 'intercom', keys: sharedKeys('the-secret') });

describe('An Intercom source', () => {
  it('answers HEAD with 200, and GET with 404', async () => {
    expect(intercom().methods).toEqual(['POST', 'HEAD']);
    expect(await statusOf(open().deliver(bodiless('HEAD')))).toBe(200);
    expect(await statusOf(open().deliver(bodiless('GET')))).toBe(404);
  });

  it('takes a redelivery, whose body counts its attempts, for a duplicate', async () => {
    const { sample, variants = [] } = readVector('intercom');
    for (const request of [sample, ...variants]) {
      const inbox = open();
      await inbox.deliver(inbox.sign(request));
      const again = { ...request, body: request.body.replace('"delivery_attempts":1', '"delivery_attempts":2') };
      expect(again.body).not.toBe(request.body);
      expect(JSON.parse((await inbox.deliver(inbox.sign(again))).body).status).toBe('duplicate');
    }
  });

  const DAY_MS = 24 * 3600 * 1000;
  const event = (fields: object = {}) => ({ id: 'notif_1', topic: 'conversation.user.created', ...fields });
  const ping = (fields: object = {}) => event({ id: null, topic: 'ping', created_at: NOW / 1000 - 0.25, ...fields });

  it('keeps the id of an item that is a number', async () => {
    const inbox = open();
    await inbox.deliver(inbox.sign(unsigned(event({ data: { item: { type: 'ticket', id: 2154700012345 } } }))));
    expect(inbox.items[0]?.data).toEqual({ item_type: 'ticket', item_id: 2154700012345 });
  });

  it.each([
    event({ topic: 7, app_id: 'a'.repeat(10_000), data: 'x' }),
    event({ created_at: 'yesterday', data: { item: { type: [], id: {} } } }),
    ping({ created_at: null, data: { item: null } }),
    ping({ id: 7 }),
  ])('stores an event whose fields are odd: %j', async (content) => {
    expect(await inboxStatusOf(open().deliver(open().sign(unsigned(content))))).toBe('processed');
  });

  it('stores two pings without an id that differ in anything but their attempts', async () => {
    const inbox = open();
    const deliver = (fields: object) => inboxStatusOf(inbox.deliver(inbox.sign(unsigned(ping(fields)))));
    expect(await deliver({ data: { item: { message: 'one' } }, delivery_attempts: 1 })).toBe('processed');
    expect(await deliver({ data: { item: { message: 'other' } }, delivery_attempts: 1 })).toBe('processed');
    expect(await deliver({ data: { item: { message: 'one' } }, delivery_attempts: 2, delivered_at: 7 })).toBe(
      'duplicate',
    );
  });

  it.each([
    [{ id: null }, 'no_event_id'],
    [[event()], 'invalid_event'],
    [event({ created_at: (NOW - 40 * DAY_MS - 250) / 1000 }), 'outside_retention'],
  ])('keeps %j in quarantine as %s', async (content, reason) => {
    const inbox = open();
    expect(await inboxStatusOf(inbox.deliver(inbox.sign(unsigned(content))))).toBe('quarantined');
    expect(inbox.quarantined.map((item) => item.reason)).toEqual([reason]);
  });
});
