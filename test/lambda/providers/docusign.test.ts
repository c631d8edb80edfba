import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf, sharedKeys, statusOf, unsigned } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const SECRET = 'a-secret';
const hmacOf = (body: string | Buffer) => createHmac('sha256', SECRET).update(body).digest('base64');

describe('A DocuSign source, sent one signature per active key,', () => {
  const deliver = async (signatures: Record<string, string[]>) => {
    const inbox = providerInbox({ provider: 'docusign', keys: sharedKeys(SECRET) });
    const signed = inbox.sign(readVector('docusign').sample);
    const headers = new Map([...signed.headers].filter(([name]) => !name.startsWith('x-docusign-signature-')));
    for (const [name, values] of Object.entries(signatures)) {
      const filled = values.map((value) => (value === 'good' ? hmacOf(signed.body) : value));
      headers.set(`x-docusign-signature-${name}`, filled);
    }
    return statusOf(inbox.deliver({ ...signed, headers }));
  };
  const other = hmacOf('another body');

  it.each([
    ['the first is right', 200, { 1: ['good'], 2: [other] }],
    ['the last is right', 200, { 1: [other], 2: ['good'] }],
    ['the hundredth is right', 200, { 100: ['good'] }],
    ['none is right', 401, { 1: [other], 2: [other] }],
    ['one is right, but another came twice', 401, { 1: ['good'], 2: [other, other] }],
    ['one is right, but under another name', 401, { x: ['good'] }],
  ])('where %s, answers %i', async (_, status, signatures) => {
    expect(await deliver(signatures)).toBe(status);
  });
});

const ENVELOPE = '7a0e9b60-55c1-4f7e-8d7e-2b3c4d5e6f70';
const event = (data: object = {}, fields: object = {}) => ({
  event: 'recipient-completed',
  configurationId: 1,
  retryCount: 0,
  generatedDateTime: '2026-03-01T12:00:00.0000000Z',
  data: { envelopeId: ENVELOPE, ...data },
  ...fields,
});

function open() {
  const inbox = providerInbox({ provider: 'docusign', keys: sharedKeys(SECRET) });
  const deliver = (content: object) => inboxStatusOf(inbox.deliver(inbox.sign(unsigned(content))));
  return { ...inbox, deliver };
}

describe('A DocuSign source', () => {
  it.each([
    ['a recipient with a number', event({ recipientId: 2 })],
    ['a time without an offset', event({}, { generatedDateTime: '2026-03-01T12:00:00.0000000' })],
    ['a time of another type', event({}, { generatedDateTime: 1_772_366_400 })],
    ['ids of other types', event({ accountId: 7, envelopeId: 7, recipientId: [] }, { configurationId: {} })],
    ['an envelope id of 10,000 characters', event({ envelopeId: 'a'.repeat(10_000) })],
    ['a summary that is text', event({ envelopeSummary: 'x' })],
    ['data that is text', event({}, { data: 'x', uri: '/envelopes/1' })],
    ['an event name of another type', event({}, { event: 7 })],
    ['no time', event({}, { generatedDateTime: null })],
  ])('stores an event with %s', async (_, content) => {
    expect(await open().deliver(content)).toBe('processed');
  });

  it('leaves out a time whose offset is unknown', async () => {
    const inbox = open();
    await inbox.deliver(event({}, { generatedDateTime: '2026-03-01T12:00:00.0000000' }));
    expect(inbox.items[0]).not.toHaveProperty('occurred_at');
  });

  it.each([
    [event({ recipientId: 1 }), event({ recipientId: 2 })],
    [event({ recipientId: '1' }), event({ recipientId: ['1'] })],
    [event({ envelopeId: 'a'.repeat(10_000) }), event({ envelopeId: `${'a'.repeat(9_999)}b` })],
    [event({}, { generatedDateTime: null }), event({ recipientId: 7 }, { generatedDateTime: null })],
    [event({ note: 1 }, { generatedDateTime: null }), event({ note: 2 }, { generatedDateTime: null })],
    [event({}, { configurationId: 1 }), event({}, { configurationId: 2 })],
  ])('stores two events that differ in one value that identifies them', async (one, other) => {
    const inbox = open();
    expect([await inbox.deliver(one), await inbox.deliver(other)]).toEqual(['processed', 'processed']);
  });

  it.each([
    ['with a time', {}],
    ['without a time', { generatedDateTime: null }],
  ])('takes another try of an event %s for a duplicate', async (_, fields) => {
    const inbox = open();
    await inbox.deliver(event({}, fields));
    expect(await inbox.deliver(event({}, { ...fields, retryCount: 1 }))).toBe('duplicate');
  });

  const envelope = (fields: object = {}) => ({ status: 'sent', envelopeId: ENVELOPE, recipients: [], ...fields });

  it('stores each state of an envelope in the aggregate format, and takes the same state for a duplicate', async () => {
    const inbox = open();
    expect(await inbox.deliver(envelope())).toBe('processed');
    expect(await inbox.deliver(envelope({ recipients: [{ status: 'delivered' }] }))).toBe('processed');
    expect(await inbox.deliver(envelope({ status: 'completed' }))).toBe('processed');
    expect(await inbox.deliver(envelope())).toBe('duplicate');
    expect(inbox.items[0]).toMatchObject({
      event_type: 'sent',
      data: { envelope_id: ENVELOPE, status: 'sent' },
    });
  });

  it.each([{}, { data: { envelopeId: ENVELOPE } }, { status: 'sent' }])(
    'keeps %j in quarantine, since it is neither an event nor an envelope',
    async (content) => {
      const inbox = open();
      expect(await inbox.deliver(content)).toBe('quarantined');
      expect(inbox.quarantined.map(({ reason }) => reason)).toEqual(['no_event_id']);
    },
  );
});
