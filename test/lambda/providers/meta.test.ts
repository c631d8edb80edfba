import { describe, expect, it } from '@jest/globals';
import { meta } from '../../../lambda/providers/meta/meta.ts';
import { metaItems } from '../../../lambda/providers/meta/meta-items.ts';
import { NOW, type ProviderInboxOptions, providerInbox } from '../../support/provider-inbox.ts';
import {
  bodiless,
  inboxStatusOf,
  sharedKeys,
  statusesOf,
  statusOf,
  unsigned,
} from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const { sample } = readVector('meta');
const open = (options: Partial<ProviderInboxOptions> = {}) =>
  providerInbox({ provider: 'meta', keys: sharedKeys('the-secret'), ...options });

describe('The handshake of a Meta source', () => {
  const good = {
    'hub.mode': 'subscribe',
    'hub.challenge': '1158201444',
    'hub.verify_token': 'a-verify-token-of-your-choice',
  };

  it.each([
    ['another token', { ...good, 'hub.verify_token': 'another' }],
    ['a part of the token', { ...good, 'hub.verify_token': 'a-verify-token-of-your-choic' }],
    ['no token', { 'hub.mode': 'subscribe', 'hub.challenge': '1' }],
    ['another mode', { ...good, 'hub.mode': 'unsubscribe' }],
    ['markup as its challenge', { ...good, 'hub.challenge': '<script>alert(1)</script>' }],
    ['a challenge of 257 characters', { ...good, 'hub.challenge': '1'.repeat(257) }],
  ])('is rejected with %s', async (_, query) => {
    const { statusCode, body } = await open().deliver(bodiless('GET', query));
    expect([statusCode, JSON.parse(body).code]).toEqual([401, 'invalid_signature']);
  });

  it('is rejected as a POST that is not signed', async () => {
    const headers = new Map([['content-type', ['application/json']]]);
    expect(await statusOf(open().deliver({ ...bodiless('POST', good), headers }))).toBe(401);
  });

  it('is rejected where no token is set, even with an empty one', async () => {
    const inbox = open({ settings: { verifyToken: '' } });
    expect(await statusOf(inbox.deliver(bodiless('GET', { ...good, 'hub.verify_token': '' })))).toBe(401);
  });

  it('is answered as nothing but text', async () => {
    const { statusCode, headers, body } = await open().deliver(bodiless('GET', good));
    expect([statusCode, body]).toEqual([200, '1158201444']);
    expect(headers).toMatchObject({ 'Content-Type': 'text/plain', 'X-Content-Type-Options': 'nosniff' });
  });

  it.each([
    ['!'.repeat(7), false],
    ['!'.repeat(8), true],
    ['~'.repeat(256), true],
    ['~'.repeat(257), false],
    ['a verify token', false],
  ])('takes a verify token of 8 to 256 printable characters: %s', (token, isGood) => {
    expect(meta().settings.verifyToken?.pattern.test(token)).toBe(isGood);
  });
});

describe('A Meta source', () => {
  it('stores each event of a body as a body of its own, with its own contact alone', async () => {
    const inbox = open();
    await inbox.deliver(inbox.sign(sample));
    const payloads = inbox.items.map(({ payload }) => JSON.parse(String(payload)));
    expect(payloads).toHaveLength(4);
    for (const { object, entry } of payloads) {
      expect([object, entry]).toEqual([
        'whatsapp_business_account',
        [{ id: '102290129340398', changes: [expect.anything()] }],
      ]);
    }
    const [first, second, third] = payloads.map(({ entry }) => entry[0].changes[0].value);
    expect(first).toMatchObject({ messages: [{ from: '4740555123' }], contacts: [{ wa_id: '4740555123' }] });
    expect(second).toMatchObject({ messages: [{ from: '4740555124' }], contacts: [{ wa_id: '4740555124' }] });
    expect(first.contacts).toHaveLength(1);
    expect(Object.keys(third)).not.toContain('messages');
  });

  it('recognises events that come in another batch the next time', async () => {
    const inbox = open();
    await inbox.deliver(inbox.sign(sample));
    const body = JSON.parse(sample.body);
    const fewer = { ...sample, body: JSON.stringify({ ...body, entry: body.entry.slice(1) }) };
    expect(await statusesOf(inbox.deliver(inbox.sign(fewer)))).toEqual(['duplicate', 'duplicate']);
  });

  it.each([
    'null',
    '[]',
    '{"object":"page"}',
    '{"object":"page","entry":{}}',
    '{"object":"page","entry":[null]}',
    '{"object":"page","entry":[[]]}',
    '{"app_id":"1","values":"x"}',
  ])("keeps %s, which is no body of Meta's, in quarantine", async (body) => {
    const inbox = open();
    expect(await inboxStatusOf(inbox.deliver(inbox.sign({ ...sample, body })))).toBe('quarantined');
    expect(inbox.quarantined.map(({ reason }) => reason)).toEqual(['invalid_event']);
  });

  it.each([
    '{"changes":[null]}',
    '{"changes":"x","messaging":7}',
    '{"changes":[],"messaging":[]}',
    '{"time":8640000000000001,"changes":[{"field":"about","value":null}]}',
    '{"changes":[{"field":"messages","value":{"messages":[null],"contacts":[null]}}]}',
    '{"changes":[{"field":"messages","value":{"statuses":[{"id":"a"}]}}]}',
    '{"time":1772366400000,"changes":[{"field":"about"}]}',
    '{"messaging":[{"message":{"mid":7}}]}',
    '{"standby":[{"sender":{"id":"1"},"timestamp":1772366400000}]}',
    '{"id":7,"time":"now","changes":[{"field":7}]}',
    '{"id":{},"changes":[{"field":"messages","value":{"messages":[{"id":"a","type":7,"timestamp":[]}]}}]}',
    '{"id":"1","changes":[{"field":"messages","value":{"metadata":"x","statuses":[{"id":"a","status":7}]}}]}',
  ])('stores an entry whatever it holds: %s', async (entry) => {
    const inbox = open();
    const body = `{"object":"page","entry":[${entry}]}`;
    expect(await statusOf(inbox.deliver(inbox.sign({ ...sample, body })))).toBe(200);
    expect(inbox.items).toHaveLength(1);
  });

  it('finds no events in a body without entries', () => {
    expect([undefined, null, 7, 'entry', [], {}].map(metaItems)).toEqual(Array(6).fill(undefined));
  });

  it('leaves out the object of a body that has none', async () => {
    const inbox = open();
    await inbox.deliver(inbox.sign(unsigned({ object: 7, entry: [{ id: '1', changes: [{ field: 'name' }] }] })));
    expect(inbox.items.map(({ event_type }) => event_type)).toEqual(['name']);
  });
});

const SECONDS = Math.floor(NOW / 1000);
const HOUR = 3600;

/** Opens a source, and delivers one body after another to it. */
function openFor(body: (part: object) => object) {
  const inbox = open();
  const deliver = (part: object) => inboxStatusOf(inbox.deliver(inbox.sign(unsigned(body(part)))));
  return { ...inbox, deliver, receiveSigned: inbox.deliver };
}

const whatsapp = (value: object) => ({
  object: 'whatsapp_business_account',
  entry: [{ id: '1029', changes: [{ field: 'messages', value: { metadata: { phone_number_id: '1065' }, ...value } }] }],
});

describe('A Meta source with events of WhatsApp', () => {
  const message = (fields: object = {}) => ({
    from: '1555',
    id: 'wamid.1',
    timestamp: `${SECONDS}`,
    type: 'text',
    ...fields,
  });
  const status = (fields: object = {}) => ({ id: 'wamid.1', status: 'read', timestamp: `${SECONDS}`, ...fields });

  it("keeps the message of the dashboard's Test button, which is from 2017, in quarantine", async () => {
    const inbox = open();
    const body = whatsapp({ messages: [message({ timestamp: '1504902988' })] });
    const test = { ...body, entry: [{ ...body.entry[0], id: '0' }] };
    expect(await statusesOf(inbox.deliver(inbox.sign(unsigned(test))))).toEqual(['quarantined']);
    expect(inbox.quarantined[0]).toMatchObject({ reason: 'outside_retention', event_id: '0:wamid.1' });
  });

  it('stores a new message beside one that is older than the retention', async () => {
    const inbox = open();
    const messages = [message({ id: 'wamid.new' }), message({ id: 'wamid.old', timestamp: '1700000000' })];
    expect(await statusesOf(inbox.deliver(inbox.sign(unsigned(whatsapp({ messages })))))).toEqual([
      'processed',
      'quarantined',
    ]);
    expect(inbox.items.map(({ event_id }) => event_id)).toEqual(['1029:wamid.new']);
  });

  it.each(['recipient_participant_id', 'recipient_participant_user_id'])(
    'stores a status of each participant of a group, by %s',
    async (field) => {
      const inbox = openFor((fields) => whatsapp({ statuses: [status({ recipient_id: 'group-1', ...fields })] }));
      expect(await inbox.deliver({ [field]: '1' })).toBe('processed');
      expect(await inbox.deliver({ [field]: '2' })).toBe('processed');
      expect(await inbox.deliver({ [field]: '1' })).toBe('duplicate');
    },
  );

  it('stores each transaction of a payment, though the message and its status are the same', async () => {
    const inbox = openFor((payment) => whatsapp({ statuses: [status({ status: 'captured', payment })] }));
    expect(await inbox.deliver({ transaction: 1 })).toBe('processed');
    expect(await inbox.deliver({ transaction: 2 })).toBe('processed');
    expect(await inbox.deliver({ transaction: 1 })).toBe('duplicate');
  });

  it('takes a message for a duplicate, though its contacts came with it the first time alone', async () => {
    const inbox = openFor((value) => whatsapp({ messages: [message()], ...value }));
    await inbox.deliver({ contacts: [{ wa_id: '1555' }] });
    expect(await inbox.deliver({})).toBe('duplicate');
  });

  it('reads times that are numbers', async () => {
    const inbox = openFor((timestamp) => whatsapp({ messages: [message({ timestamp })] }));
    await inbox.deliver(Object(SECONDS));
    expect(inbox.items[0]?.occurred_at).toBe('2026-03-01T12:00:00.000Z');
  });

  const contactsOf = (body: object) =>
    metaItems(body)?.map((item) => {
      const value = JSON.parse(JSON.stringify(item)).entry[0].changes[0].value;
      return value.contacts?.map((contact: { wa_id?: string; user_id?: string }) => contact.wa_id ?? contact.user_id);
    });

  it('gives each message and status the contacts that it names', () => {
    const contacts = ['1', '2', '3', '4'].map((wa_id) => ({ wa_id }));
    const users = ['US.5', 'US.6', 'US.7'].map((user_id) => ({ user_id }));
    const messages = [message({ from: '1' }), message({ from: undefined, from_user_id: 'US.5' })];
    const statuses = [
      status({ recipient_id: '2' }),
      status({ recipient_user_id: 'US.6' }),
      status({ recipient_id: 'group-1', recipient_participant_id: '3' }),
      status({ recipient_id: 'group-1', recipient_participant_user_id: 'US.7' }),
      status({ recipient_id: '9' }),
      null,
    ];
    expect(contactsOf(whatsapp({ contacts: [...contacts, ...users, null, {}], messages, statuses }))).toEqual([
      ['1'],
      ['US.5'],
      ['2'],
      ['US.6'],
      ['3'],
      ['US.7'],
      undefined,
      undefined,
    ]);
  });

  it('gives a contact with two ids once', () => {
    const contacts = [{ wa_id: '1', user_id: 'US.1' }];
    const messages = [message({ from: '1', from_user_id: 'US.1' }), message()];
    expect(contactsOf(whatsapp({ contacts, messages }))).toEqual([['1'], undefined]);
  });

  it('leaves a change with one message as it is', () => {
    const body = whatsapp({ contacts: [{ wa_id: '7' }, { wa_id: '8' }], messages: [message()] });
    expect(metaItems(body)).toEqual([body]);
  });

  it.each<[string, (items: number, text: string) => unknown]>([
    [
      'a body of many entries',
      (items, object) => ({ object, entry: Array(items).fill({ id: '1', changes: [{ field: 'feed' }] }) }),
    ],
    [
      'an entry of many changes',
      (items, id) => ({ object: 'page', entry: [{ id, changes: Array(items).fill({ field: 'feed' }) }] }),
    ],
    ['a change of many messages', (items, other) => whatsapp({ other, messages: Array(items).fill(message()) })],
    [
      'a change of many messages and a contact',
      (items, other) => whatsapp({ contacts: [{ wa_id: '7', other }], messages: Array(items).fill(message()) }),
    ],
  ])('splits %s unless so much around the items would be repeated that the parts grow with its square', (_, bodyOf) => {
    const partsOf = (items: number, length: number) => metaItems(bodyOf(items, 'a'.repeat(length)))?.length ?? 1;
    expect(partsOf(17, 3_500)).toBe(17);
    expect(partsOf(16, 5_000)).toBe(16);
    expect(partsOf(17, 5_000)).toBe(1);
  });

  it('keeps a body in quarantine whose entries are not split', async () => {
    const inbox = open();
    const entry = Array.from({ length: 17 }, (_, index) => ({ id: `${index}`, changes: [{ field: 'feed' }] }));
    expect(await inboxStatusOf(inbox.deliver(inbox.sign(unsigned({ object: 'a'.repeat(5_000), entry }))))).toBe(
      'quarantined',
    );
    expect(inbox.quarantined).toMatchObject([{ reason: 'invalid_event' }]);
  });

  it('splits 4,000 contacts and 800 statuses into parts that are together not much larger', () => {
    const contacts = Array.from({ length: 4_000 }, (_, index) => ({ wa_id: `${index}`, profile: { name: 'A name' } }));
    const statuses = Array.from({ length: 800 }, (_, index) =>
      status({ id: `wamid.${index}`, recipient_id: `${index}` }),
    );
    const body = whatsapp({ contacts, statuses });
    const parts = metaItems(body);
    expect(parts).toHaveLength(800);
    expect(JSON.stringify(parts).length).toBeLessThan(2 * JSON.stringify(body).length);
  });
});

describe('A Meta source with messages', () => {
  const messaging = (account: string, fields: object) => ({
    object: 'page',
    entry: [{ id: account, time: NOW, messaging: [{ sender: { id: '1' }, timestamp: NOW, ...fields }] }],
  });

  it('stores one message for each connected account', async () => {
    const inbox = openFor((fields) => messaging('101', fields));
    const other = inbox.sign(unsigned(messaging('102', { message: { mid: 'm_1', is_echo: true } })));
    expect(await inbox.deliver({ message: { mid: 'm_1' } })).toBe('processed');
    expect(await inboxStatusOf(inbox.receiveSigned(other))).toBe('processed');
    expect(inbox.items.map(({ event_id }) => event_id)).toEqual(['101:m_1', '102:m_1:echo']);
  });

  it('stores a message, its echo, its deletion and a reaction to it', async () => {
    const inbox = openFor((fields) => messaging('101', fields));
    for (const fields of [
      { message: { mid: 'm_1' } },
      { message: { mid: 'm_1', is_echo: true } },
      { message: { mid: 'm_1', is_deleted: true } },
      { reaction: { mid: 'm_1', action: 'react' } },
      { reaction: { mid: 'm_1', action: 'unreact' } },
    ]) {
      expect(await inbox.deliver(fields)).toBe('processed');
      expect(await inbox.deliver(fields)).toBe('duplicate');
    }
  });

  it('stores each message of a standby list by itself', async () => {
    const inbox = open();
    const standby = ['m_1', 'm_2'].map((mid) => ({ sender: { id: '1' }, timestamp: NOW, message: { mid } }));
    const body = { object: 'page', entry: [{ id: '101', time: NOW, standby }] };
    expect(await statusesOf(inbox.deliver(inbox.sign(unsigned(body))))).toEqual(['processed', 'processed']);
    expect(inbox.items.map(({ event_id, event_type }) => [event_id, event_type])).toEqual([
      ['101:m_1', 'page.standby'],
      ['101:m_2', 'page.standby'],
    ]);
  });
});

describe('A Meta source with changes', () => {
  /** Delivers changes, each with the time when it was sent. */
  function openForChanges(account = '101') {
    const inbox = open();
    const deliver = (field: string, value: unknown, time: unknown = SECONDS) => {
      const body = { object: 'page', entry: [{ id: account, time, changes: [{ field, value }] }] };
      return inboxStatusOf(inbox.deliver(inbox.sign(unsigned(body))));
    };
    return { ...inbox, deliver };
  }

  it.each([
    ['leadgen', { leadgen_id: '44', form_id: '55', created_time: SECONDS }],
    ['leadgen', { leadgen_id: 44 }],
    ['comments', { id: '17', text: 'Lovely' }],
    ['feed', { item: 'post', post_id: '101_1', verb: 'add' }],
    ['mention', { post_id: '101_1', verb: 'add', created_time: SECONDS - 5 }],
  ])('takes a change of %s for a duplicate that is sent again at another time: %j', async (field, value) => {
    const inbox = openForChanges();
    expect(await inbox.deliver(field, value, SECONDS - 36 * HOUR)).toBe('processed');
    expect(await inbox.deliver(field, value, SECONDS)).toBe('duplicate');
  });

  it.each([
    ['two leads', 'leadgen', { leadgen_id: '44' }, { leadgen_id: '45' }],
    ['two comments on one post', 'feed', { post_id: '1', comment_id: '1' }, { post_id: '1', comment_id: '2' }],
    ['a post that is added and edited', 'feed', { post_id: '1', verb: 'add' }, { post_id: '1', verb: 'edited' }],
    ['two ratings', 'ratings', { rating: 1, created_time: SECONDS }, { rating: 2, created_time: SECONDS }],
  ])('stores %s as two events', async (_, field, one, other) => {
    const inbox = openForChanges();
    expect([await inbox.deliver(field, one), await inbox.deliver(field, other)]).toEqual(['processed', 'processed']);
  });

  it('stores two events that differ in a number of 17 digits alone', async () => {
    const inbox = open();
    for (const id of ['12345678901234567', '12345678901234568']) {
      const body = `{"object":"page","entry":[{"id":"101","changes":[{"field":"mention","value":{"post":${id}}}]}]}`;
      expect(await statusesOf(inbox.deliver(inbox.sign(unsigned(body))))).toEqual(['processed']);
    }
  });

  it('stores a lead of two fields twice, since each field has other contents', async () => {
    const inbox = openForChanges();
    expect(await inbox.deliver('leadgen', { leadgen_id: '44' })).toBe('processed');
    expect(await inbox.deliver('leadgen_fat', { leadgen_id: '44' })).toBe('processed');
  });

  it('stores a change in the same words again if it is sent in another hour, and has no time of its own', async () => {
    const inbox = openForChanges();
    const flagged = { display_phone_number: '1555', event: 'FLAGGED' };
    const hour = SECONDS - (SECONDS % HOUR);
    expect(await inbox.deliver('phone_number_quality_update', flagged, hour)).toBe('processed');
    expect(await inbox.deliver('phone_number_quality_update', flagged, hour + 60)).toBe('duplicate');
    expect(await inbox.deliver('phone_number_quality_update', flagged, hour - 1)).toBe('processed');
    expect(await inbox.deliver('name', 'Pier', hour)).toBe('processed');
    expect(await inbox.deliver('name', 'Pier', hour - 1)).toBe('processed');
  });

  it.each(['101', 102, 2 ** 60])('stores the same change of the account %j beside that of others', async (id) => {
    const inbox = open();
    const deliver = (account: unknown) => {
      const entry = [{ id: account, time: SECONDS, changes: [{ field: 'comments', value: { id: '17' } }] }];
      return statusesOf(inbox.deliver(inbox.sign(unsigned({ object: 'instagram', entry }))));
    };
    for (const other of ['99', 2 ** 61, null]) expect(await deliver(other)).toEqual(['processed']);
    expect(await deliver(id)).toEqual(['processed']);
    expect(await deliver(id)).toEqual(['duplicate']);
  });
});

describe('A Meta source with events of Threads, which have no entry,', () => {
  const threads = (fields: object) => ({
    app_id: '123456',
    topic: 'moderate',
    target_id: '78901',
    time: `${SECONDS}`,
    values: { value: { id: '1', text: 'Reply', timestamp: '2026-03-01T11:59:59+0000' }, field: 'replies' },
    ...fields,
  });

  it('stores each, with its account, topic and time', async () => {
    const inbox = openFor(threads);
    expect(await inbox.deliver({})).toBe('processed');
    expect(inbox.items[0]).toMatchObject({
      event_type: 'threads.replies',
      occurred_at: '2026-03-01T12:00:00.000Z',
      data: { account: '78901', topic: 'moderate' },
    });
  });

  it('takes one that is sent again at another time for a duplicate', async () => {
    const inbox = openFor(threads);
    await inbox.deliver({ time: SECONDS - 36 * HOUR });
    expect(await inbox.deliver({ time: SECONDS })).toBe('duplicate');
    expect(await inbox.deliver({ target_id: '78902' })).toBe('processed');
  });

  it.each([{ topic: 7, target_id: {}, time: 'now', values: {} }, { values: { value: 'x', field: [] } }])(
    'stores one whose fields are odd: %j',
    async (fields) => {
      expect(await openFor(threads).deliver(fields)).toBe('processed');
    },
  );

  it('keeps one that is older than the retention in quarantine', async () => {
    expect(await openFor(threads).deliver({ time: 1_700_000_000 })).toBe('quarantined');
  });
});

describe('A body of Meta', () => {
  const ofText = (text: string) => `{"object":"page","entry":[{"id":"1","time":${NOW},"changes":[${text}]}]}`;
  const signed = (body: Buffer) => open().sign(sample, 'the-secret', body).body;

  it('is signed as Meta sends it, with each character outside ASCII escaped in lower case', () => {
    const sent = signed(Buffer.from(ofText('"café ☕ 🌊 \u007f"')));
    expect(`${sent}`).toBe(ofText(String.raw`"caf\u00e9 \u2615 \ud83c\udf0a \u007f"`));
  });

  it('stays as it is if it is not UTF-8', () => {
    const body = Buffer.from(ofText('"é"'), 'latin1');
    expect(signed(body)).toEqual(body);
  });
});
