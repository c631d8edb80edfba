import { describe, expect, it } from '@jest/globals';
import type { ProviderName } from '../../../../lambda/providers/index.ts';
import { toSource } from '../../../../lambda/receiver/config.ts';
import { validateEvents } from '../../../../lambda/receiver/middleware/validate-events.ts';
import { NOW } from '../../../support/generic-event.ts';
import { halfway, run } from '../../../support/middleware.ts';

const NOW_SECONDS = Math.floor(NOW / 1000);

/** What is picked out of a body by a source that keeps its events for an hour. */
function validate(provider: ProviderName, parsedBody: unknown) {
  const source = toSource('partner', { provider, retentionSeconds: 3600 });
  const delivery = halfway({ source, parsedBody, body: Buffer.from(JSON.stringify(parsedBody)) });
  run(validateEvents(), delivery);
  return delivery.events;
}

describe('the time of an event', () => {
  const slack = (event_time?: number) => validate('slack', { type: 'event_callback', event_id: 'Ev1', event_time });

  it.each([[NOW_SECONDS - 3599], [NOW_SECONDS], [NOW_SECONDS + 300]])('is within the retention: %d', (time) => {
    expect(slack(time)).toMatchObject([{ id: 'Ev1', signedAt: time * 1000, occurredAt: time * 1000 }]);
  });

  it.each([[NOW_SECONDS - 3600], [NOW_SECONDS + 301]])('is refused outside the retention: %d', (time) => {
    const issues = [{ path: 'event_time', expected: 'time within the last 3600 seconds' }];
    expect(() => slack(time)).toThrow(expect.objectContaining({ code: 'invalid_event', issues }));
  });

  it('need not be there', () => {
    expect(slack()).toMatchObject([{ id: 'Ev1', signedAt: undefined, occurredAt: undefined }]);
  });

  it('may be any where the signature does not cover it', () => {
    const published = '2001-01-01T00:00:00.000Z';
    const body = { data: { events: [{ uuid: 'a', published }] } };
    expect(validate('okta', body)).toMatchObject([{ signedAt: undefined, occurredAt: Date.parse(published) }]);
  });
});

describe('the id of an event', () => {
  /** Of a provider that puts no limit on its ids. */
  function withId(id: string) {
    const source = toSource('partner', { provider: 'generic' });
    const read = () => ({ events: [{ id, data: {} }], isBatch: false }) as const;
    const delivery = halfway({ source: { ...source, provider: { ...source.provider, read } } });
    run(validateEvents(), delivery);
    return delivery.events;
  }

  it.each([
    ['of a thousand bytes and a few', 'x'.repeat(1_024)],
    ['of that many bytes in fewer characters', 'é'.repeat(512)],
  ])('may be one %s', (_, id) => {
    expect(withId(id)).toMatchObject([{ id }]);
  });

  it.each([
    ['longer', 'x'.repeat(1_025)],
    ['longer in bytes', 'é'.repeat(513)],
    ['half a character', 'id\ud800'],
    ['empty', ''],
  ])('is refused where it is %s, with where it stands and what it should be', (_, id) => {
    const issues = [{ path: 'event_id', expected: 'event id' }];
    expect(() => withId(id)).toThrow(expect.objectContaining({ code: 'invalid_event', issues }));
  });
});

describe('the events of a body', () => {
  const okta = (count: number) => {
    return validate('okta', { data: { events: Array.from({ length: count }, (_, index) => ({ uuid: `e${index}` })) } });
  };

  it('may be a thousand', () => {
    expect(okta(1_000)).toHaveLength(1_000);
  });

  it('are refused above that, with how many there may be', () => {
    const issues = [{ path: '', expected: 'at most 1000 events' }];
    expect(() => okta(1_001)).toThrow(expect.objectContaining({ code: 'invalid_event', issues }));
  });
});
