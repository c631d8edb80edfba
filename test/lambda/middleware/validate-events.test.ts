import { describe, expect, it } from '@jest/globals';
import { toSource } from '../../../lambda/config.ts';
import { validateEvents } from '../../../lambda/middleware/validate-events.ts';
import type { ProviderName } from '../../../lambda/providers/index.ts';
import { NOW } from '../../support/generic-event.ts';
import { halfway, run } from '../../support/middleware.ts';

const NOW_SECONDS = Math.floor(NOW / 1000);

/** What is picked out of a body by a source that keeps its events for an hour. */
function validate(provider: ProviderName, content: unknown) {
  const source = toSource('partner', { provider, retentionSeconds: 3600 });
  const delivery = halfway({ source, content, body: Buffer.from(JSON.stringify(content)) });
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
    const content = { data: { events: [{ uuid: 'a', published }] } };
    expect(validate('okta', content)).toMatchObject([{ signedAt: undefined, occurredAt: Date.parse(published) }]);
  });
});
