import { describe, expect, it } from '@jest/globals';
import { sendgrid } from '../../../lambda/providers/sendgrid.ts';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { statusesOf, statusOf, unsigned } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const open = () => providerInbox({ provider: 'sendgrid', keys: sendgrid().signature.generateKeys() });

describe('A SendGrid source', () => {
  it('takes the line break at the end of a body for signed', async () => {
    const inbox = open();
    const signed = inbox.sign(readVector('sendgrid').sample);
    expect(signed.body.subarray(-2).toString()).toBe('\r\n');
    expect(await statusOf(inbox.deliver({ ...signed, body: signed.body.subarray(0, -2) }))).toBe(401);
  });

  it('stores only the new event of two, where the other one came before', async () => {
    const inbox = open();
    const item = (id: string) => ({ sg_event_id: id, event: 'open', timestamp: Math.floor(NOW / 1000) });
    await inbox.deliver(inbox.sign(unsigned([item('a'), item('b')])));
    const answer = inbox.deliver(inbox.sign(unsigned([item('b'), item('c')])));
    expect(await statusesOf(answer)).toEqual(['duplicate', 'processed']);
    expect(inbox.items).toHaveLength(3);
  });

  it('accepts an event with odd values in fields that do not identify it', async () => {
    const inbox = open();
    const body = [{ sg_event_id: '', event: 'bounce', email: null, sg_message_id: 7 }];
    expect(await statusOf(inbox.deliver(inbox.sign(unsigned(body))))).toBe(200);
  });

  it('stores every event of a body, one without a type and one with a clock ahead among them', async () => {
    const inbox = open();
    const now = Math.floor(NOW / 1000);
    const body = [
      { sg_event_id: 'a', event: 'delivered', timestamp: now },
      { sg_event_id: 'b', timestamp: now },
      { sg_event_id: 'c', event: 'open', timestamp: now + 360 },
    ];
    const answer = inbox.deliver(inbox.sign(unsigned(body)));
    expect(await statusesOf(answer)).toEqual(['processed', 'processed', 'processed']);
  });

  it('stores both of two events of a body that share an id and differ, and no item that is not an object', async () => {
    const inbox = open();
    const body = [{ sg_event_id: 'a', event: 'open' }, { sg_event_id: 'a', event: 'click' }, 7];
    const answer = () => inbox.deliver(inbox.sign(unsigned(body)));
    expect(await statusesOf(answer())).toEqual(['processed', 'processed', 'quarantined']);
    expect(await statusesOf(answer())).toEqual(['duplicate', 'duplicate', 'quarantined']);
  });
});
