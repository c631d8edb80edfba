import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { toItem } from '../../../lambda/events/event-item.ts';
import { defineProvider } from '../../../lambda/providers/define-provider.ts';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { type InvalidEvent, toQuarantineItem } from '../../../lambda/quarantine/quarantine-item.ts';
import {
  acceptedAsIs,
  type JudgeAgainOptions,
  judgeAgain,
  type QuarantinedPayload,
} from '../../../lambda/receiver/judge-again.ts';
import { judgeEvents } from '../../../lambda/receiver/judge-events.ts';
import { parsePayload } from '../../../lambda/receiver/parse-payload.ts';
import { toSource } from '../../../lambda/receiver/registered-source.ts';
import type { Source } from '../../../lambda/receiver/source.ts';
import type { Judgement } from '../../../lambda/storage/judgement.ts';
import { readSamples, unsignedSample } from '../../../samples/sample.ts';

const NOW = Date.parse('2026-03-01T12:00:00.250Z');
const DAY_MS = 24 * 3600 * 1000;
const GUID = '72d3162e-cc78-11e3-81ab-4c9367dc0958';

const sourceOf = (provider: ProviderName) => toSource('of-a-test', { provider });

const DEFINITION = {
  title: 'Lighthouse',
  documentation: 'https://lighthouse.example/docs',
  signature: sourceOf('github').provider.signature,
  eventIdLabel: 'id',
  immutable: false,
};

/** A source of a provider whose bodies are lists of events. */
function sourceOfBatches(): Source {
  const provider = defineProvider({
    ...DEFINITION,
    items: (content) => (Array.isArray(content) ? content : undefined),
    schema: v.object({ id: v.string() }),
    event: ({ id }) => ({ id, data: {} }),
  });
  return { ...sourceOf('github'), provider };
}

interface Delivery {
  readonly source: Source;
  readonly body: unknown;
  readonly mediaType?: string;
  readonly headers?: Readonly<Record<string, readonly string[]>>;
}

/** The judgements of the receiver. */
function deliver({ source, body, mediaType = 'application/json', headers = {} }: Delivery): readonly Judgement[] {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const request = { method: 'POST', url: '', query: new URLSearchParams(), body: bytes, mediaType, receivedAt: NOW };
  const parsed = parsePayload(bytes, { ...source.provider, mediaType });
  return judgeEvents(parsed, { ...request, headers: new Map(Object.entries(headers)) }, source).judgements;
}

const payloadOf = (judgement: Judgement | undefined): InvalidEvent | QuarantinedPayload => {
  if (!judgement) throw new Error('nothing was judged');
  return 'valid' in judgement ? { ...judgement.valid, eventId: judgement.valid.id } : judgement.invalid;
};

function again(judgement: Judgement | undefined, options: Partial<JudgeAgainOptions> & Pick<Delivery, 'source'>) {
  return judgeAgain(payloadOf(judgement), { now: NOW, ...options });
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
    const source = sourceOf(provider);
    const { eventHeaders, contentTypes } = source.provider;
    const declared = [...headers].filter(([name]) => eventHeaders.includes(name));
    const mediaType = headers.get('content-type')?.[0]?.split(';')[0] ?? contentTypes[0];
    const judgements = deliver({
      source,
      body: body.toString(),
      headers: Object.fromEntries(declared),
      ...(mediaType !== undefined && { mediaType }),
    });
    expect(judgements.length).toBeGreaterThan(0);
    for (const judgement of judgements) expect(again(judgement, { source })).toEqual([judgement]);
  });

  it('is read as one event, if it was one of several, even if the event has the shape of a whole body', () => {
    const source = sourceOfBatches();
    const judgements = deliver({ source, body: [{ id: 'evt_1' }, [{ id: 'evt_2' }], {}] });
    expect(judgements).toMatchObject([
      { valid: { id: 'evt_1' } },
      { invalid: { reason: 'invalid_event', fromBatch: true } },
      { invalid: { reason: 'invalid_event', fromBatch: true } },
    ]);
    for (const judgement of judgements) expect(again(judgement, { source })).toEqual([judgement]);
  });

  it('keeps the id that tells it from another event of its body with the same id', () => {
    const time = new Date(NOW - 31 * DAY_MS).toISOString();
    const event = { specversion: '1.0', id: 'EZ1', type: 'com.twilio.message', time };
    const source = sourceOf('twilio');
    const [first, second] = deliver({ source, body: [event, { ...event, source: '/other' }] });
    expect(invalidOf(first)).toMatchObject({ reason: 'outside_retention', eventId: 'EZ1' });
    expect(invalidOf(second)).toMatchObject({ reason: 'outside_retention', eventId: expect.stringMatching(/^EZ1:/) });
    expect(again(second, { source })).toEqual([second]);
  });

  it('is still invalid while the schema refuses it, and lists the same issues', () => {
    const source = sourceOf('generic');
    const delivery = deliver({ source, body: { event_id: 'evt_1', user_id: 7 } });
    expect(invalidOf(delivery[0])).toMatchObject({ reason: 'invalid_event', issues: { length: 3 } });
    expect(again(delivery[0], { source })).toEqual(delivery);
  });

  it('reads no header that was sent twice', () => {
    const headers = { 'x-github-delivery': [GUID, 'another'], 'x-github-event': ['push'] };
    const source = sourceOf('github');
    const delivery = deliver({ source, body: {}, headers });
    expect(invalidOf(delivery[0]).headers).toEqual({ 'content-type': 'application/json', 'x-github-event': 'push' });
    expect(again(delivery[0], { source })).toMatchObject([{ invalid: { reason: 'no_event_id' } }]);
  });

  it('is judged by the retention and the time of the new judgement', () => {
    const body = { event_id: 'evt_1', user_id: 'u', action: 'a', timestamp: Math.floor(NOW / 1000) + 600 };
    const source = sourceOf('generic');
    const [early] = deliver({ source, body });
    expect(invalidOf(early).reason).toBe('outside_retention');
    const [later] = again(early, { source, now: NOW + DAY_MS });
    expect(later).toMatchObject({ valid: { id: 'evt_1', receivedAt: NOW + DAY_MS, signedAt: body.timestamp * 1000 } });
    const short = toSource('of-a-test', { provider: 'generic', retentionSeconds: 3600 });
    expect(again(early, { source: short, now: NOW + DAY_MS })).toMatchObject([
      { invalid: { reason: 'outside_retention' } },
    ]);
  });

  it('may be outside the retention window if the time is waived, and its item outlives every replay', () => {
    const timestamp = Math.floor(NOW / 1000) + 365 * 24 * 3600;
    const source = sourceOf('generic');
    const [future] = deliver({ source, body: { event_id: 'e', user_id: 'u', action: 'a', timestamp } });
    const [judged] = again(future, { source, waivesTime: true });
    if (!judged || 'invalid' in judged) throw new Error('not valid');
    expect(toItem(judged.valid).item).toMatchObject({
      data: { user_id: 'u', action: 'a', timestamp },
      expires_at: timestamp + 30 * 24 * 3600,
    });
  });

  it('is read as of its delivery, since an event id may depend on that time, and judged as of now', () => {
    const source = {
      ...sourceOf('github'),
      provider: defineProvider({
        ...DEFINITION,
        schema: v.object({}),
        event: (_, { receivedAt }) => ({ id: String(Math.floor(receivedAt / 60_000)), data: {} }),
      }),
    };
    const quarantined = { payload: Buffer.from('{}'), headers: {}, receivedAt: NOW };
    for (const fromBatch of [true, false])
      expect(judgeAgain({ ...quarantined, fromBatch }, { source, now: NOW + DAY_MS })).toMatchObject([
        { valid: { id: String(Math.floor(NOW / 60_000)), receivedAt: NOW + DAY_MS } },
      ]);
    const [unreadable] = judgeAgain({ ...quarantined, payload: Buffer.from('{') }, { source, now: NOW + DAY_MS });
    expect(invalidOf(unreadable).receivedAt).toBe(NOW + DAY_MS);
  });

  it('is judged as several events if the body is found to hold several', () => {
    const quarantined = { payload: Buffer.from('[{"id":"evt_1"},{}]'), headers: {}, receivedAt: NOW };
    expect(judgeAgain(quarantined, { source: sourceOfBatches(), now: NOW })).toMatchObject([
      { valid: { id: 'evt_1', fromBatch: true } },
      { invalid: { reason: 'invalid_event', fromBatch: true } },
    ]);
  });
});

describe('an item of the quarantine', () => {
  it('says that its payload is one event of several, and nothing if it is the whole body', () => {
    const source = sourceOfBatches();
    const [one] = deliver({ source, body: [{}] });
    expect(toQuarantineItem(invalidOf(one)).item).toMatchObject({ from_batch: true, payload: '{}' });
    const [whole] = deliver({ source, body: {} });
    expect(toQuarantineItem(invalidOf(whole)).item).not.toHaveProperty('from_batch');
  });
});

describe('an event accepted as it is', () => {
  const sha256 = createHash('sha256').update('not=json').digest('hex');

  it('has the payload, no data, and its SHA-256 as the id if nothing identifies it', () => {
    const mediaType = 'application/x-www-form-urlencoded';
    const [judgement] = deliver({ source: sourceOf('github'), body: 'not=json', mediaType });
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
    const invalid = invalidOf(deliver({ source: sourceOf('generic'), body })[0]);
    expect(acceptedAsIs(invalid, sha256, sourceOf('generic')).id).toBe('evt_old');
  });
});
