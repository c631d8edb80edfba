import { describe, expect, it } from '@jest/globals';
import type { ProviderName } from '../../../lambda/providers/index.ts';
import type { Provider, ReadEvent } from '../../../lambda/providers/provider.ts';
import { judgeEvents } from '../../../lambda/receiver/judge-events.ts';
import { parsePayload } from '../../../lambda/receiver/parse-payload.ts';
import { toSource } from '../../../lambda/receiver/registered-source.ts';
import type { Source } from '../../../lambda/receiver/source.ts';
import type { Judgement } from '../../../lambda/storage/judgement.ts';
import { NOW } from '../../support/generic-event.ts';

const NOW_SECONDS = Math.floor(NOW / 1000);
const HOUR = 3_600;

/** A source that keeps its events for an hour. */
const sourceOf = (provider: ProviderName) => toSource('partner', { provider, retentionSeconds: HOUR });

/** A source whose provider reads these events from every body. */
function reading(events: readonly ReadEvent[], provider: Partial<Provider> = {}): Source {
  const source = sourceOf('generic');
  return { ...source, provider: { ...source.provider, read: () => ({ events, isBatch: true }), ...provider } };
}

function judge(source: Source, body: Buffer | string = '{}', headers: Readonly<Record<string, string[]>> = {}) {
  const bytes = Buffer.from(body);
  const request = {
    method: 'POST',
    url: '',
    query: new URLSearchParams(),
    headers: new Map(Object.entries(headers)),
    mediaType: 'application/json',
    body: bytes,
    receivedAt: NOW,
  };
  return judgeEvents(parsePayload(bytes, { ...source.provider, mediaType: 'application/json' }), request, source);
}

function judgeOne(...parameters: Parameters<typeof judge>): Judgement {
  const { judgements } = judge(...parameters);
  const [judgement] = judgements;
  if (!judgement || judgements.length > 1) throw new Error('There is not one event.');
  return judgement;
}

const validIds = (judgements: readonly Judgement[]) => judgements.map((each) => ('valid' in each ? each.valid.id : ''));

describe('A valid event', () => {
  const event = { id: 'a', type: 'paid', occurredAt: NOW - 1_000, data: { amount: 1 } };

  it('has what was read from it, and how long its item lives', () => {
    const source = reading([{ event }], { immutable: true });
    expect(judgeOne(source, '{"amount":1}', { 'x-topic': ['t'] })).toEqual({
      valid: {
        source: 'partner',
        provider: 'generic',
        id: 'a',
        type: 'paid',
        occurredAt: NOW - 1_000,
        signedAt: NOW - 1_000,
        receivedAt: NOW,
        lifeSeconds: HOUR,
        immutable: true,
        data: { amount: 1 },
        headers: { 'content-type': 'application/json', 'x-topic': 't' },
        payload: Buffer.from('{"amount":1}'),
      },
    });
  });

  it('of a body of several has its own JSON as payload', () => {
    const { judgements } = judge(reading([{ event, json: '{"amount":1.0}' }]), '[{"amount":1.0}]');
    expect(judgements).toMatchObject([{ valid: { payload: Buffer.from('{"amount":1.0}') } }]);
  });

  it.each([
    ['the retention, if its signature covers no transmission time', undefined, HOUR],
    ['the retention, if that is longer than a captured request verifies', 300, HOUR],
    ['as long as a captured request verifies, clocks that differ included', 4_000, 4_300],
  ])('lives for %s', (_, toleranceSeconds, lifeSeconds) => {
    const { signature } = sourceOf('generic').provider;
    const source = reading([{ event }], { signature: { ...signature, toleranceSeconds } });
    expect(judgeOne(source)).toMatchObject({ valid: { lifeSeconds } });
  });
});

describe('An event of a body', () => {
  it.each([
    ['not_utf8', Buffer.from([0xff])],
    ['not_json', '{'],
    ['nested_too_deep', '['.repeat(101) + ']'.repeat(101)],
    ['forbidden_key', '{"__proto__":1}'],
  ])('that cannot be parsed is invalid as a whole, with the reason %s', (reason, body) => {
    const { judgements, isBatch } = judge(sourceOf('okta'), body, { 'x-topic': ['t'] });
    expect(isBatch).toBe(false);
    expect(judgements).toEqual([
      {
        invalid: {
          source: 'partner',
          provider: 'okta',
          reason,
          issues: [],
          eventId: undefined,
          receivedAt: NOW,
          headers: { 'content-type': 'application/json', 'x-topic': 't' },
          payload: Buffer.from(body),
        },
      },
    ]);
  });

  it('that does not match the schema is invalid, with the paths that do not match', () => {
    const issues = [{ path: 'uuid', expected: 'string' }];
    expect(judgeOne(reading([{ issues, json: '{}' }]))).toMatchObject({
      invalid: { reason: 'invalid_event', issues, eventId: undefined, payload: Buffer.from('{}') },
    });
  });

  it('that is invalid leaves the others valid', () => {
    const body = { data: { events: [{ uuid: 'a' }, { uuid: 7 }, null, { uuid: 'b' }] } };
    const { judgements, isBatch } = judge(sourceOf('okta'), JSON.stringify(body));
    expect(isBatch).toBe(true);
    expect(validIds(judgements)).toEqual(['a', '', '', 'b']);
  });

  it('may be one of any number', () => {
    const events = Array.from({ length: 1_001 }, (_, index) => ({ uuid: `e${index}` }));
    const { judgements } = judge(sourceOf('okta'), JSON.stringify({ data: { events } }));
    expect(validIds(judgements)).toEqual(events.map(({ uuid }) => uuid));
  });
});

describe('The id of an event', () => {
  const withId = (id: string | undefined) => judgeOne(reading([{ event: { id, data: {} } }]));

  it.each([
    ['of 1,024 bytes', 'x'.repeat(1_024)],
    ['of 1,024 bytes in fewer characters', 'é'.repeat(512)],
  ])('may be one %s', (_, id) => {
    expect(withId(id)).toMatchObject({ valid: { id } });
  });

  it.each([
    ['is missing', undefined],
    ['is longer', 'x'.repeat(1_025)],
    ['is longer in bytes', 'é'.repeat(513)],
    ['has half a character', 'id\ud800'],
    ['is empty', ''],
  ])('makes the event invalid if it %s, with its place and what was expected there', (_, id) => {
    const issues = [{ path: 'event_id', expected: 'event id' }];
    expect(withId(id)).toMatchObject({ invalid: { reason: 'no_event_id', issues, eventId: undefined } });
  });

  it('is another one for another event that has the same id in the same body', () => {
    const read = (id: string, json: string) => ({ event: { id, data: {} }, json });
    const events = [
      read('a', '{"n":1}'),
      read('b', '{"n":1}'),
      read('a', '{"n":2}'),
      read('a', '{"n":1}'),
      read('a', '{"n":2}'),
    ];
    const ids = validIds(judge(reading(events)).judgements);
    expect(ids).toEqual(['a', 'b', expect.stringMatching(/^a:.+/), 'a', ids[2]]);
  });
});

describe('The time of an event', () => {
  const generic = (timestamp: number) => {
    const event = { event_id: 'evt_1', user_id: 'u', action: 'a', timestamp };
    return judgeOne(sourceOf('generic'), JSON.stringify(event));
  };

  it.each([[NOW_SECONDS - 3599], [NOW_SECONDS], [NOW_SECONDS + 300]])('may be within the retention: %d', (time) => {
    expect(generic(time)).toMatchObject({ valid: { signedAt: time * 1000, occurredAt: time * 1000 } });
  });

  it.each([[NOW_SECONDS - 3600], [NOW_SECONDS + 301]])('makes the event invalid outside the retention: %d', (time) => {
    const issues = [{ path: 'timestamp', expected: 'time within the last 3600 seconds' }];
    expect(generic(time)).toMatchObject({ invalid: { reason: 'outside_retention', issues, eventId: 'evt_1' } });
  });

  const ancient = Date.parse('2001-01-01T00:00:00.000Z');
  const { signature, eventTime } = sourceOf('generic').provider;

  it.each([
    ['if the signature covers a transmission time', { signature: { ...signature, toleranceSeconds: 300 }, eventTime }],
    ['if the signature does not cover it', { eventTime: { label: 'time', isSigned: false } }],
  ])('may be any %s', (_, provider) => {
    const event = { id: 'a', occurredAt: ancient, data: {} };
    expect(judgeOne(reading([{ event }], provider))).toMatchObject({
      valid: { signedAt: undefined, occurredAt: ancient },
    });
  });

  it('may be missing', () => {
    expect(judgeOne(reading([{ event: { id: 'a', data: {} } }]))).toMatchObject({
      valid: { signedAt: undefined, occurredAt: undefined },
    });
  });
});
