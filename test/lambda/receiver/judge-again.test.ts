import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { toItem } from '../../../lambda/events/event-item.ts';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { defineProvider } from '../../../lambda/providers/provider.ts';
import { type InvalidEvent, toQuarantineItem } from '../../../lambda/quarantine/quarantine-item.ts';
import { toSource } from '../../../lambda/receiver/config.ts';
import { acceptedAsIs, judgeAgain, type QuarantinedPayload } from '../../../lambda/receiver/judge-again.ts';
import { type Judgement, judgeEvents } from '../../../lambda/receiver/judge-events.ts';
import { parsePayload } from '../../../lambda/receiver/parse-payload.ts';
import { readSamples, unsignedSample } from '../../../samples/sample.ts';

const NOW = Date.parse('2026-03-01T12:00:00.250Z');
const DAY_MS = 24 * 3600 * 1000;
const GUID = '72d3162e-cc78-11e3-81ab-4c9367dc0958';

const sourceOf = (provider: ProviderName) => toSource('of-a-test', { provider });

interface Delivery {
  readonly provider: ProviderName;
  readonly body: unknown;
  readonly mediaType?: string;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
}

/** The judgements of the receiver. */
function deliver({ provider, body, mediaType = 'application/json', headers = {} }: Delivery): readonly Judgement[] {
  const source = sourceOf(provider);
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const request = { method: 'POST', url: '', query: new URLSearchParams(), body: bytes, mediaType, receivedAt: NOW };
  const parsed = parsePayload(bytes, { ...source.provider, mediaType });
  return judgeEvents(parsed, { ...request, headers: new Map(Object.entries(headers)) }, source).judgements;
}

const payloadOf = (judgement: Judgement | undefined): InvalidEvent | QuarantinedPayload => {
  if (!judgement) throw new Error('nothing was judged');
  return 'valid' in judgement ? { ...judgement.valid, eventId: judgement.valid.id } : judgement.invalid;
};

function again(judgement: Judgement | undefined, provider: ProviderName, options = {}) {
  return judgeAgain(payloadOf(judgement), { source: sourceOf(provider), now: NOW, ...options });
}

function invalidOf(judgement: Judgement | undefined): InvalidEvent {
  if (!judgement || 'valid' in judgement) throw new Error('the event is valid');
  return judgement.invalid;
}

const SAMPLES = (Object.keys(providers) as ProviderName[]).flatMap((provider) =>
  Object.entries(readSamples(provider)).map(([name, sample]) => [provider, name, sample] as const),
);

describe('a quarantined payload, judged again', () => {
  it.each(SAMPLES)('has the events that the receiver reads, with the sample of %s, %s', (provider, _, sample) => {
    const { headers, body } = unsignedSample(sample, 'https://hooks.example.com', NOW);
    const { eventHeaders, contentTypes } = sourceOf(provider).provider;
    const declared = [...headers].filter(([name]) => eventHeaders.includes(name));
    const mediaType = headers.get('content-type')?.[0]?.split(';')[0] ?? contentTypes[0];
    const judgements = deliver({
      provider,
      body: body.toString(),
      headers: Object.fromEntries(declared),
      ...(mediaType !== undefined && { mediaType }),
    });
    expect(judgements.length).toBeGreaterThan(0);
    for (const judgement of judgements) expect(again(judgement, provider)).toEqual([judgement]);
  });

  it('is read as one event, if it was one of several, although its body has another shape', () => {
    const event = { subscriptionId: 'sub', changeType: 'updated', value: [{ subscriptionId: 'of no event' }] };
    const [valid] = deliver({ provider: 'microsoft-graph', body: { value: [event] } });
    expect(again(valid, 'microsoft-graph')).toEqual([valid]);
    const [invalid] = deliver({ provider: 'microsoft-graph', body: { value: [{ value: [event] }] } });
    expect(invalidOf(invalid)).toMatchObject({ reason: 'invalid_event', fromBatch: true });
    expect(again(invalid, 'microsoft-graph')).toEqual([invalid]);
  });

  it('keeps the id that tells it from another event of its body with the same id', () => {
    const time = new Date(NOW - 31 * DAY_MS).toISOString();
    const event = { specversion: '1.0', id: 'EZ1', type: 'com.twilio.message', time };
    const [first, second] = deliver({ provider: 'twilio', body: [event, { ...event, source: '/other' }] });
    expect(invalidOf(first)).toMatchObject({ reason: 'outside_retention', eventId: 'EZ1' });
    expect(invalidOf(second)).toMatchObject({ reason: 'outside_retention', eventId: expect.stringMatching(/^EZ1:/) });
    expect(again(second, 'twilio')).toEqual([second]);
  });

  it('is still invalid while the schema refuses it, and lists the same issues', () => {
    const delivery = deliver({ provider: 'generic', body: { event_id: 'evt_1', user_id: 7 } });
    expect(invalidOf(delivery[0])).toMatchObject({ reason: 'invalid_event', issues: { length: 3 } });
    expect(again(delivery[0], 'generic')).toEqual(delivery);
  });

  it('reads no header that was sent twice', () => {
    const headers = { 'x-github-delivery': [GUID, 'another'], 'x-github-event': ['push'] };
    const delivery = deliver({ provider: 'github', body: {}, headers });
    expect(invalidOf(delivery[0]).headers).toEqual({ 'content-type': 'application/json', 'x-github-event': 'push' });
    expect(again(delivery[0], 'github')).toMatchObject([{ invalid: { reason: 'no_event_id' } }]);
  });

  it('is judged by the retention and the time of the new judgement', () => {
    const body = { event_id: 'evt_1', user_id: 'u', action: 'a', timestamp: Math.floor(NOW / 1000) + 600 };
    const [early] = deliver({ provider: 'generic', body });
    expect(invalidOf(early).reason).toBe('outside_retention');
    const [later] = again(early, 'generic', { now: NOW + DAY_MS });
    expect(later).toMatchObject({ valid: { id: 'evt_1', receivedAt: NOW + DAY_MS, signedAt: body.timestamp * 1000 } });
    const short = toSource('of-a-test', { provider: 'generic', retentionSeconds: 3600 });
    expect(again(early, 'generic', { now: NOW + DAY_MS, source: short })).toMatchObject([
      { invalid: { reason: 'outside_retention' } },
    ]);
  });

  it('may be outside the retention window if the time is waived, and its item outlives every replay', () => {
    const timestamp = Math.floor(NOW / 1000) + 365 * 24 * 3600;
    const [future] = deliver({ provider: 'generic', body: { event_id: 'e', user_id: 'u', action: 'a', timestamp } });
    const [judged] = again(future, 'generic', { waivesTime: true });
    if (!judged || 'invalid' in judged) throw new Error('not valid');
    expect(toItem(judged.valid).item).toMatchObject({
      data: { user_id: 'u', action: 'a', timestamp },
      expires_at: timestamp + 30 * 24 * 3600,
    });
  });

  it('is read as of its delivery, since an event id may depend on that time, and judged as of now', () => {
    const timed = defineProvider({
      ...{ title: 'Timed', documentation: '', eventIdLabel: 'minute', immutable: false },
      signature: sourceOf('github').provider.signature,
      schema: v.object({}),
      event: (_, { receivedAt }) => ({ id: String(Math.floor(receivedAt / 60_000)), data: {} }),
    });
    const source = { ...sourceOf('github'), provider: timed };
    const quarantined = { payload: Buffer.from('{}'), headers: {}, receivedAt: NOW };
    for (const fromBatch of [true, false])
      expect(judgeAgain({ ...quarantined, fromBatch }, { source, now: NOW + DAY_MS })).toMatchObject([
        { valid: { id: String(Math.floor(NOW / 60_000)), receivedAt: NOW + DAY_MS } },
      ]);
    const [unreadable] = judgeAgain({ ...quarantined, payload: Buffer.from('{') }, { source, now: NOW + DAY_MS });
    expect(invalidOf(unreadable).receivedAt).toBe(NOW + DAY_MS);
  });

  it('is judged as several events if the body is found to hold several', () => {
    const body = JSON.stringify([{ event: 'open', sg_event_id: '1' }, { sg_event_id: '2' }]);
    const headers = { 'content-type': 'application/json' };
    const options = { source: sourceOf('sendgrid'), now: NOW };
    expect(judgeAgain({ payload: Buffer.from(body), headers, receivedAt: NOW }, options)).toMatchObject([
      { valid: { id: '1', fromBatch: true } },
      { invalid: { reason: 'invalid_event', fromBatch: true } },
    ]);
  });
});

describe('an item of the quarantine', () => {
  it('says that its payload is one event of several, and nothing if it is the whole body', () => {
    const [one] = deliver({ provider: 'sendgrid', body: [{}] });
    expect(toQuarantineItem(invalidOf(one)).item).toMatchObject({ from_batch: true, payload: '{}' });
    const [whole] = deliver({ provider: 'sendgrid', body: {} });
    expect(toQuarantineItem(invalidOf(whole)).item).not.toHaveProperty('from_batch');
  });
});

describe('an event accepted as it is', () => {
  const sha256 = createHash('sha256').update('not=json').digest('hex');

  it('has the payload, no data, and its SHA-256 as the id if nothing identifies it', () => {
    const mediaType = 'application/x-www-form-urlencoded';
    const [judgement] = deliver({ provider: 'github', body: 'not=json', mediaType });
    const event = acceptedAsIs(invalidOf(judgement), sha256, sourceOf('github'));
    expect(toItem(event).item).toEqual({
      id: `of-a-test#${sha256}`,
      source: 'of-a-test',
      provider: 'github',
      event_id: sha256,
      received_at: new Date(NOW).toISOString(),
      expires_at: Math.floor(NOW / 1000) + 30 * 24 * 3600,
      data: {},
      origin: 'accepted',
      payload: 'not=json',
      payload_sha256: sha256,
    });
  });

  it('keeps its event id where that is known', () => {
    const time = Math.floor(NOW / 1000) - 31 * 24 * 3600;
    const body = { event_id: 'evt_old', user_id: 'u', action: 'a', timestamp: time };
    const invalid = invalidOf(deliver({ provider: 'generic', body })[0]);
    expect(acceptedAsIs(invalid, sha256, sourceOf('generic')).id).toBe('evt_old');
  });
});
