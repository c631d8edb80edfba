import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { EventItem } from '../../../../lambda/events/event-item.ts';
import type { EventStore } from '../../../../lambda/events/event-store.ts';
import { toSource } from '../../../../lambda/receiver/config.ts';
import { acknowledge } from '../../../../lambda/receiver/middleware/acknowledge.ts';
import { storeEvents } from '../../../../lambda/receiver/middleware/store-events.ts';
import { validateEvents } from '../../../../lambda/receiver/middleware/validate-events.ts';
import { receiver } from '../../../../lambda/receiver/receiver.ts';
import { cachedSecrets } from '../../../../lambda/secrets/cached-secrets.ts';
import type { DeliveryReport } from '../../../../lambda/telemetry/delivery-report.ts';
import { callLambda } from '../../../support/lambda-call.ts';
import { halfway, run } from '../../../support/middleware.ts';

const SECRET = 'okta-secret';

afterEach(() => {
  jest.restoreAllMocks();
});

/** A delivery of Okta with several events, each with its own id. */
function batch(ids: readonly string[]) {
  const events = ids.map((uuid) => ({ uuid, eventType: 'user.session.start', published: '2026-03-01T12:00:00.000Z' }));
  return {
    resource: '/webhooks/okta',
    httpMethod: 'POST',
    multiValueHeaders: { 'Content-Type': ['application/json'], Authorization: [SECRET] },
    body: JSON.stringify({ eventType: 'com.okta.event_hook', data: { events } }),
  };
}

/** An inbox whose table fails for the ids in `failing`, and the ids that it was asked to store. */
function inbox(failing: Set<string>) {
  const items = new Map<string, EventItem>();
  const asked: string[] = [];
  const reports: DeliveryReport[] = [];
  let underWay = 0;
  const most = { underWay: 0 };
  const store: EventStore = {
    async put(item) {
      asked.push(item.event_id);
      underWay += 1;
      most.underWay = Math.max(most.underWay, underWay);
      await Promise.resolve();
      underWay -= 1;
      if (failing.has(item.event_id)) return { unavailable: new Error('throttled') };
      if (items.has(item.id)) return 'duplicate';
      items.set(item.id, item);
      return 'processed';
    },
  };
  const clock = () => Date.parse('2026-03-01T12:00:01Z');
  const receive = receiver({
    sources: new Map([['okta', toSource('okta', { provider: 'okta' })]]),
    secrets: cachedSecrets(async () => ({ secret: { current: SECRET } }), clock),
    store,
    report: (report) => reports.push(report),
    fetch: () => Promise.reject(new Error('no request is made here')),
    clock,
  });
  const deliverRaw = (body: string) => callLambda(receive, { ...batch([]), body });
  return {
    items,
    asked,
    reports,
    most,
    deliverRaw,
    deliver: (ids: readonly string[]) => callLambda(receive, batch(ids)),
  };
}

describe('A body of several events', () => {
  it('is answered 503 if one could not be stored, and its retry stores only what is missing', async () => {
    const failing = new Set(['b']);
    const { items, deliver } = inbox(failing);
    const first = await deliver(['a', 'b', 'c']);
    expect([first.statusCode, JSON.parse(first.body).code]).toEqual([503, 'temporarily_unavailable']);
    expect([...items.keys()]).toEqual(['okta#a', 'okta#c']);

    failing.clear();
    const second = await deliver(['a', 'b', 'c']);
    expect([second.statusCode, JSON.parse(second.body)]).toEqual([
      200,
      {
        status: 'processed',
        events: [
          { event_id: 'a', status: 'duplicate' },
          { event_id: 'b', status: 'processed' },
          { event_id: 'c', status: 'duplicate' },
        ],
      },
    ]);
  });

  it('is reported with the number of stored events and the latency of the table', async () => {
    const { items, reports, deliver } = inbox(new Set(['b']));
    jest.spyOn(performance, 'now').mockImplementation(() => 1_000 + 10 * items.size);
    await deliver(['a', 'b', 'c']);
    expect(reports).toMatchObject([
      { outcome: 'unavailable', reason: 'table_unavailable', stored: { processed: 2, duplicate: 0, conflict: 0 } },
    ]);
    expect(reports).toMatchObject([{ storeMs: 20, latencyMs: 20 }]);
  });

  it('has an outcome for each event, and is a 503 with the cause of the one that failed', async () => {
    const answers: Awaited<ReturnType<EventStore['put']>>[] = ['processed', { unavailable: 'throttled' }, 'duplicate'];
    const source = toSource('okta', { provider: 'okta' });
    const parsedBody = { data: { events: [{ uuid: 'a' }, { uuid: 'b' }, { uuid: 'c' }] } };
    const delivery = halfway({ source, parsedBody, body: Buffer.alloc(0) });
    run(validateEvents(), delivery);
    const put: EventStore['put'] = async () => answers.shift() ?? 'conflict';
    await run(storeEvents({ put }), delivery);
    expect(delivery.outcomes).toEqual(['processed', { unavailable: 'throttled' }, 'duplicate']);
    const refusal = { code: 'temporarily_unavailable', cause: 'throttled' };
    expect(() => acknowledge(delivery)).toThrow(expect.objectContaining(refusal));
  });

  it('keeps every digit of a long number in the payload of its event', async () => {
    const { items, deliverRaw } = inbox(new Set());
    const event =
      '{"uuid":"a","eventType":"t","published":"2026-03-01T12:00:00.000Z","n":-12345678901234567890,"m":1.50}';
    expect((await deliverRaw(`{"data":{"events":[${event}]}}`)).statusCode).toBe(200);
    expect(items.get('okta#a')?.payload).toContain('"n":-12345678901234567890');
  });

  it('is stored 16 events at a time', async () => {
    const { asked, most, deliver } = inbox(new Set());
    const ids = Array.from({ length: 100 }, (_, index) => `e${index}`);
    expect((await deliver(ids)).statusCode).toBe(200);
    expect([asked.length, most.underWay]).toEqual([100, 16]);
  });

  it('may hold 1,000 events; with one more it is rejected before any is stored', async () => {
    const ids = Array.from({ length: 1_001 }, (_, index) => `e${index}`);
    const { items, asked, deliver } = inbox(new Set());
    expect((await deliver(ids)).statusCode).toBe(422);
    expect(asked).toEqual([]);
    expect((await deliver(ids.slice(1))).statusCode).toBe(200);
    expect(items.size).toBe(1_000);
  });

  it('is rejected before any event is stored if one of them is invalid', async () => {
    const { asked, deliver } = inbox(new Set());
    const { statusCode, body } = await deliver(['a', '']);
    expect([statusCode, JSON.parse(body).code]).toEqual([422, 'invalid_event']);
    expect(asked).toEqual([]);
  });
});
