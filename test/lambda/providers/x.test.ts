import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { bodiless, sharedKeys, statusesOf, statusOf, unsigned } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const SECRET = 'a-secret';
const SIGNATURE = 'x-twitter-webhooks-signature-oauth2';
const hmacOf = (text: string | Buffer, key = SECRET) => createHmac('sha256', key).update(text).digest('base64');
const open = () => providerInbox({ provider: 'x', keys: sharedKeys(SECRET) });

describe('An X source', () => {
  const sampleWith = async (header: string, value: (body: Buffer) => string) => {
    const inbox = open();
    const signed = inbox.sign(readVector('x').sample);
    const headers = new Map([...signed.headers].filter(([name]) => !name.startsWith('x-twitter')));
    return statusOf(inbox.deliver({ ...signed, headers: headers.set(header, [value(signed.body)]) }));
  };

  it('accepts the older signature header too, if it is made with the secret of the source', async () => {
    const header = 'x-twitter-webhooks-signature';
    expect(await sampleWith(header, (body) => `sha256=${hmacOf(body)}`)).toBe(200);
    expect(await sampleWith(header, (body) => `sha256=${hmacOf(body, 'other')}`)).toBe(401);
    expect(await sampleWith(header, (body) => hmacOf(body))).toBe(401);
  });

  it('signs no challenge that could be the body of an event', async () => {
    const challenge = '{"for_user_id":"1","follow_events":[{"type":"follow"}]}';
    const { statusCode, body } = await open().deliver(bodiless('GET', { crc_token: challenge }));
    expect(statusCode).toBe(401);
    expect(body).not.toContain(hmacOf(challenge));
  });

  it.each(['MTIzNDU2Nzg5MA', '7', 'null', 'true', ' 7'])(
    'never takes the challenge %j that it signed for a body',
    async (text) => {
      const inbox = open();
      const { statusCode, body } = await inbox.deliver(bodiless('GET', { crc_token: text }));
      expect(statusCode).toBe(200);
      const signature = JSON.parse(body).response_token;
      const replayed = inbox.sign(unsigned(text));
      expect(signature).toBe(`sha256=${hmacOf(text)}`);
      expect(await statusOf(inbox.deliver(withHeaders(replayed, { [SIGNATURE]: signature })))).toBe(401);
      expect([...inbox.items, ...inbox.quarantined]).toEqual([]);
    },
  );

  it('accepts a body with white space before its object', async () => {
    const inbox = open();
    expect(await statusOf(inbox.deliver(inbox.sign(unsigned(' \t\r\n{"data":{"id":"1"}}'))))).toBe(200);
  });

  it.each([
    [63, 200],
    [64, 401],
  ])('answers a body with %i blanks before its object with %i', async (blanks, status) => {
    const inbox = open();
    const signed = inbox.sign(unsigned('{"data":{"id":"1"}}'));
    const spaced = `${' '.repeat(blanks)}{"data":{"id":"1"}}`;
    const signature = `sha256=${hmacOf(spaced)}`;
    const request = { ...withHeaders(signed, { [SIGNATURE]: signature }), body: Buffer.from(spaced) };
    expect(await statusOf(inbox.deliver(request))).toBe(status);
  });

  it('repeats the id of a user for each event, but nothing longer than an id', async () => {
    const inbox = open();
    const events = [{ id: '1' }, { id: '2' }];
    const deliver = (for_user_id: unknown) =>
      inbox.deliver(inbox.sign(unsigned({ for_user_id, tweet_create_events: events })));
    await deliver(9);
    await deliver('9'.repeat(1_023));
    const payloads = inbox.items.map(({ payload }) => JSON.parse(String(payload)));
    expect(payloads.map(({ for_user_id }) => for_user_id)).toEqual([9, 9, undefined, undefined]);
  });

  it('leaves out what has another format, and identifies by a hash what has no id', async () => {
    const inbox = open();
    const event = { created_at: 'never', timestamp_ms: {}, user: 7, source: [], status: 'gone', message_create: false };
    await inbox.deliver(inbox.sign(unsigned({ for_user_id: 1, mute_events: [event] })));
    expect(inbox.items).toMatchObject([
      { event_type: 'mute', event_id: expect.stringMatching(/^:mute_events:[0-9a-f]{64}$/) },
    ]);
    expect(inbox.quarantined).toEqual([]);
  });

  it('recognises an event that comes with others the next time, but not one for another user', async () => {
    const inbox = open();
    const follows = (user: string, ...sources: string[]) => {
      const follow_events = sources.map((id) => ({ type: 'follow', created_timestamp: `${NOW}`, source: { id } }));
      return inbox.sign(unsigned({ for_user_id: user, follow_events }));
    };
    await inbox.deliver(follows('1', '7'));
    expect(await statusesOf(inbox.deliver(follows('1', '7', '8')))).toEqual(['duplicate', 'processed']);
    expect(JSON.parse((await inbox.deliver(follows('2', '7'))).body).status).toBe('processed');
  });

  it('stores an event about the app itself', async () => {
    const inbox = open();
    const body = '{"user_event":{"revoke":{"date_time":"2026-03-01T11:00:00Z","source":{"user_id":"63046977"}}}}';
    await inbox.deliver(inbox.sign(unsigned(body)));
    expect(inbox.items.map(({ event_type }) => event_type)).toEqual(['user_event']);
  });
});
