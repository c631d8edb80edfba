import { describe, expect, it } from '@jest/globals';
import type { ProviderName } from '../../../../lambda/providers/index.ts';
import { toSource } from '../../../../lambda/receiver/config.ts';
import { validateEvents } from '../../../../lambda/receiver/middleware/validate-events.ts';
import { NOW } from '../../../support/generic-event.ts';
import { halfway, run } from '../../../support/middleware.ts';

const NOW_SECONDS = Math.floor(NOW / 1000);

/** The events that a source with a retention of an hour reads from a body. */
function validate(provider: ProviderName, parsedBody: unknown) {
  const source = toSource('partner', { provider, retentionSeconds: 3600 });
  const delivery = halfway({ source, parsedBody, body: Buffer.from(JSON.stringify(parsedBody)) });
  run(validateEvents(), delivery);
  return delivery.events;
}

describe('The time of an event', () => {
  const slack = (event_time?: number) => validate('slack', { type: 'event_callback', event_id: 'Ev1', event_time });

  it.each([[NOW_SECONDS - 3599], [NOW_SECONDS], [NOW_SECONDS + 300]])(
    'is accepted within the retention: %d',
    (time) => {
      expect(slack(time)).toMatchObject([{ id: 'Ev1', signedAt: time * 1000, occurredAt: time * 1000 }]);
    },
  );

  it.each([[NOW_SECONDS - 3600], [NOW_SECONDS + 301]])('is rejected outside the retention: %d', (time) => {
    const issues = [{ path: 'event_time', expected: 'time within the last 3600 seconds' }];
    expect(() => slack(time)).toThrow(expect.objectContaining({ code: 'invalid_event', issues }));
  });

  it('is optional if the provider does not always send one', () => {
    expect(slack()).toMatchObject([{ id: 'Ev1', signedAt: undefined, occurredAt: undefined }]);
  });

  it('is accepted whatever it is, if the signature does not cover it', () => {
    const published = '2001-01-01T00:00:00.000Z';
    const body = { data: { events: [{ uuid: 'a', published }] } };
    expect(validate('okta', body)).toMatchObject([{ signedAt: undefined, occurredAt: Date.parse(published) }]);
  });
});

describe('The id of an event', () => {
  /** An event of a provider whose ids may have any length. */
  function withId(id: string) {
    const source = toSource('partner', { provider: 'generic' });
    const read = () => ({ events: [{ id, data: {} }], isBatch: false }) as const;
    const delivery = halfway({ source: { ...source, provider: { ...source.provider, read } } });
    run(validateEvents(), delivery);
    return delivery.events;
  }

  it.each([
    ['1,024 bytes', 'x'.repeat(1_024)],
    ['1,024 bytes in 512 characters', 'é'.repeat(512)],
  ])('may have %s', (_, id) => {
    expect(withId(id)).toMatchObject([{ id }]);
  });

  it.each([
    ['1,025 bytes long', 'x'.repeat(1_025)],
    ['1,026 bytes long in 513 characters', 'é'.repeat(513)],
    ['half a surrogate pair', 'id\ud800'],
    ['empty', ''],
  ])('is rejected if it is %s, with its path and what was expected', (_, id) => {
    const issues = [{ path: 'event_id', expected: 'event id' }];
    expect(() => withId(id)).toThrow(expect.objectContaining({ code: 'invalid_event', issues }));
  });
});

describe('A body', () => {
  const okta = (count: number) => {
    return validate('okta', { data: { events: Array.from({ length: count }, (_, index) => ({ uuid: `e${index}` })) } });
  };

  it('may hold 1,000 events', () => {
    expect(okta(1_000)).toHaveLength(1_000);
  });

  it('is rejected with 1,001 events, and the maximum is in the issue', () => {
    const issues = [{ path: '', expected: 'at most 1000 events' }];
    expect(() => okta(1_001)).toThrow(expect.objectContaining({ code: 'invalid_event', issues }));
  });
});
