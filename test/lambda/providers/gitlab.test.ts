import { describe, expect, it } from '@jest/globals';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { fillIn } from '../../../samples/sample.ts';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf, sharedKeys, statusOf } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const SIGNING_TOKEN = `whsec_${Buffer.from('a signing token of thirty-two by').toString('base64')}`;
const { sample } = readVector('gitlab');
const open = (secret = SIGNING_TOKEN) => providerInbox({ provider: 'gitlab', keys: sharedKeys(secret) });

describe('A GitLab source with a signing token', () => {
  const id = fillIn(sample.headers['idempotency-key'] ?? '', NOW);

  it('identifies the event by the signed id', async () => {
    const inbox = open();
    const signed = inbox.sign(sample);
    expect(await statusOf(inbox.deliver(withHeaders(signed, { 'idempotency-key': 'another' })))).toBe(200);
    expect(inbox.items.map(({ event_id }) => event_id)).toEqual([id]);
  });

  it.each([
    ['302 s old', 302_000],
    ['302 s ahead', -302_000],
  ])('rejects a signed time that is %s', async (_, shift) => {
    const inbox = open();
    const signed = inbox.sign(sample);
    inbox.clock.now += shift;
    expect(await statusOf(inbox.deliver(signed))).toBe(401);
  });

  it('rejects the signing token itself, sent as a secret token is', async () => {
    const plain = open('x').sign(sample);
    expect(await statusOf(open().deliver(withHeaders(plain, { 'x-gitlab-token': SIGNING_TOKEN })))).toBe(401);
  });

  it('accepts the secret token that it was rotated from', async () => {
    const inbox = open();
    inbox.secret.value = { current: SIGNING_TOKEN, previous: { value: 'the old token', acceptedUntil: NOW + 1 } };
    expect(await statusOf(inbox.deliver(inbox.sign(sample, 'the old token')))).toBe(200);
    const { body } = await inbox.deliver(inbox.sign(sample));
    expect(JSON.parse(body).status).toBe('duplicate');
  });
});

describe('A GitLab source with a secret token', () => {
  const TYPE = { 'content-type': 'application/json', 'x-gitlab-event': 'Push Hook' };

  function openPlain() {
    const inbox = open('a secret token');
    const deliver = (content: unknown, headers: Readonly<Record<string, string>> = { 'idempotency-key': 'a' }) => {
      const request = { headers: { ...TYPE, ...headers }, body: JSON.stringify(content), events: [] };
      return inboxStatusOf(inbox.deliver(inbox.sign(request)));
    };
    return { ...inbox, deliver };
  }

  it('keeps the path of a project in 20 nested groups', async () => {
    const inbox = openPlain();
    const path = Array(21).fill('a'.repeat(255)).join('/');
    await inbox.deliver({ project: { path_with_namespace: path }, group: { full_path: path } });
    expect(inbox.items[0]?.data).toMatchObject({ project: path, group: path });
  });

  it.each([
    [{ user: 'ilse', project: 'coast/lighthouse', group: 7, object_attributes: 'x', object_kind: [] }],
    [{ user: { username: 'a'.repeat(10_000) }, project: { path_with_namespace: 7 }, event_name: null }],
    [['a', 'list']],
    ['a text'],
    [7],
    [null],
  ])('stores what a custom template makes, whatever it is: %j', async (content) => {
    expect(await openPlain().deliver(content)).toBe('processed');
  });

  it('takes what is resent from the log, with redacted addresses, for a duplicate', async () => {
    const inbox = openPlain();
    expect(await inbox.deliver({ user_email: 'ilse@example.com' })).toBe('processed');
    expect(await inbox.deliver({ user_email: '[REDACTED]' })).toBe('duplicate');
  });

  it('of a version without Idempotency-Key, stores the same push twice, and several events of one UUID', async () => {
    const inbox = openPlain();
    const push = { object_kind: 'push', before: 'a', after: 'b' };
    expect(await inbox.deliver(push, { 'x-gitlab-event-uuid': '1' })).toBe('processed');
    expect(await inbox.deliver(push, { 'x-gitlab-event-uuid': '2' })).toBe('processed');
    expect(await inbox.deliver({ object_kind: 'note' }, { 'x-gitlab-event-uuid': '1' })).toBe('processed');
    expect(await inbox.deliver(push, { 'x-gitlab-event-uuid': '1' })).toBe('duplicate');
  });
});
