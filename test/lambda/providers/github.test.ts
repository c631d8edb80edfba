import { describe, expect, it } from '@jest/globals';
import { providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf, sharedKeys } from '../../support/provider-requests.ts';

const GUID = '72d3162e-cc78-11e3-81ab-4c9367dc0958';
const FORM = 'application/x-www-form-urlencoded';
const JSON_TYPE = 'application/json';

function open() {
  const inbox = providerInbox({ provider: 'github', keys: sharedKeys('the-secret') });
  /** Delivers a body under one GUID to a webhook; to an unnamed one if the hook is undefined. */
  function deliver(body: string, hook?: string, type = JSON_TYPE) {
    const headers = { 'content-type': type, 'x-github-event': 'issues', 'x-github-delivery': GUID };
    const request = { headers: hook ? { ...headers, 'x-github-hook-id': hook } : headers, body, events: [] };
    return inboxStatusOf(inbox.deliver(inbox.sign(request)));
  }
  return { ...inbox, deliver, receiveSigned: inbox.deliver };
}

describe('A GitHub source', () => {
  const ofApp = (id: number) => JSON.stringify({ action: 'opened', installation: { id } });

  it('stores the event of each app, though the apps share its GUID', async () => {
    const inbox = open();
    expect(await inbox.deliver(ofApp(1), '1')).toBe('processed');
    expect(await inbox.deliver(ofApp(2), '2')).toBe('processed');
    expect(await inbox.deliver(ofApp(1), '1')).toBe('duplicate');
    expect(inbox.items.map(({ event_id }) => event_id)).toEqual([`${GUID}:1`, `${GUID}:2`]);
  });

  it('takes no event from the text of a captured one, though the type of a body is not signed', async () => {
    const inbox = open();
    const forged = new URLSearchParams({ payload: ofApp(2) }).toString();
    const captured = JSON.stringify({ action: 'created', comment: { body: `&${forged}&` } });
    expect(await inbox.deliver(captured, '1')).toBe('processed');
    expect(await inbox.deliver(captured, '2', FORM)).toBe('quarantined');
    expect(inbox.items.map(({ event_id }) => event_id)).toEqual([`${GUID}:1`]);
  });

  it('tells the payloads of one GUID apart where the webhook is not named', async () => {
    const inbox = open();
    expect(await inbox.deliver(ofApp(1))).toBe('processed');
    expect(await inbox.deliver(ofApp(2))).toBe('processed');
    expect(await inbox.deliver(ofApp(1))).toBe('duplicate');
  });

  it('takes a redelivery for a duplicate, though the webhook was changed from JSON to forms', async () => {
    const inbox = open();
    const form = new URLSearchParams({ payload: ofApp(1) }).toString();
    expect(await inbox.deliver(ofApp(1), '1')).toBe('processed');
    expect(await inbox.deliver(form, '1', FORM)).toBe('duplicate');
    expect(inbox.quarantined).toEqual([]);
  });

  it.each([
    ['not_form', 'ref=main', FORM],
    ['not_json', 'payload=ref', FORM],
    ['invalid_event', '[]', JSON_TYPE],
    ['invalid_event', '"push"', JSON_TYPE],
  ])('acknowledges what is no event, and keeps it in quarantine as %s: %s', async (reason, body, type) => {
    const inbox = open();
    expect(await inbox.deliver(body, '1', type)).toBe('quarantined');
    expect(inbox.quarantined.map((item) => item.reason)).toEqual([reason]);
  });

  it('keeps an event without a GUID in quarantine, with the headers that an event is read from', async () => {
    const inbox = open();
    const headers = { 'content-type': JSON_TYPE, 'x-github-event': 'push', 'x-github-hook-id': '1', cookie: 'a=b' };
    const signed = inbox.sign({ headers, body: '{}', events: [] });
    expect(await inboxStatusOf(inbox.receiveSigned(signed))).toBe('quarantined');
    expect(inbox.quarantined[0]).toMatchObject({ reason: 'no_event_id' });
    expect(inbox.quarantined[0]?.headers).toEqual({
      'content-type': JSON_TYPE,
      'x-github-event': 'push',
      'x-github-hook-id': '1',
    });
  });

  it.each([
    '{"action":7,"repository":"x","organization":[],"sender":null,"installation":{"id":"x"}}',
    `{"action":"${'a'.repeat(10_000)}","repository":{"full_name":7}}`,
    '{}',
  ])('stores an event whose fields are odd: %.60s', async (body) => {
    expect(await open().deliver(body, '1')).toBe('processed');
  });
});
