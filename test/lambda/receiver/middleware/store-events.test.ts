import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { OpenDeadline } from '../../../../lambda/aws/deadline.ts';
import type { EventItem } from '../../../../lambda/events/event-item.ts';
import type { EventStore } from '../../../../lambda/events/event-store.ts';
import type { OverflowQueue } from '../../../../lambda/overflow-queue/overflow-queue.ts';
import type { QuarantineItem } from '../../../../lambda/quarantine/quarantine-item.ts';
import { receiver } from '../../../../lambda/receiver/receiver.ts';
import { toSource } from '../../../../lambda/receiver/registered-source.ts';
import type { Source } from '../../../../lambda/receiver/source.ts';
import { cachedSecrets } from '../../../../lambda/secrets/cached-secrets.ts';
import { eventIdOf } from '../../../../lambda/storage/judgement.ts';
import type { DeliveryReport } from '../../../../lambda/telemetry/delivery-report.ts';
import { callLambda } from '../../../support/lambda-call.ts';
import {
  memoryEventStore,
  memoryPayloadBucket,
  memoryQuarantine,
  noOverflowQueue,
} from '../../../support/memory-stores.ts';

// The provider is Okta, whose bodies hold several events that one header authenticates, but with the usual response.

const SECRET = 'okta-secret';

function oktaSource(): Source {
  const source = toSource('okta', { provider: 'okta' });
  const { acknowledge: _, ...provider } = source.provider;
  return { ...source, provider };
}

afterEach(() => {
  jest.restoreAllMocks();
});

const event = (uuid: unknown) => ({ uuid, eventType: 'user.session.start', published: '2026-03-01T12:00:00.000Z' });

function delivery(events: readonly unknown[]) {
  return {
    resource: '/webhooks/okta',
    httpMethod: 'POST',
    multiValueHeaders: { 'Content-Type': ['application/json'], Authorization: [SECRET] },
    body: JSON.stringify({ eventType: 'com.okta.event_hook', data: { events } }),
  };
}

const ids = (count: number) => Array.from({ length: count }, (_, index) => `e${index}`);

/** A table whose faults and speed the test controls, behind any number of instances of the receiver. */
function openTable() {
  const items: EventItem[] = [];
  const quarantined: QuarantineItem[] = [];
  const failing = new Set<string>();
  const asked: string[] = [];
  const most = { underWay: 0 };
  /** The number of writes for which the time of one delivery is enough. */
  const budget = { writes: Number.POSITIVE_INFINITY };
  let underWay = 0;
  let written = 0;
  let controller = new AbortController();
  const memory = memoryEventStore(items);
  const store: EventStore = {
    async put(item, ...rest) {
      asked.push(item.event_id);
      written += 1;
      if (written >= budget.writes) controller.abort();
      underWay += 1;
      most.underWay = Math.max(most.underWay, underWay);
      await Promise.resolve();
      underWay -= 1;
      return failing.has(item.event_id) ? { unavailable: new Error('throttled') } : memory.put(item, ...rest);
    },
  };
  const openDeadline: OpenDeadline = () => {
    controller = new AbortController();
    written = 0;
    return { signal: controller.signal, [Symbol.dispose]: () => undefined };
  };
  const clock = { now: Date.parse('2026-03-01T12:00:01Z') };

  function instance(overflow: OverflowQueue = noOverflowQueue) {
    const reports: DeliveryReport[] = [];
    const receive = receiver({
      sources: new Map([['okta', oktaSource()]]),
      secrets: cachedSecrets(
        async () => ({ secret: { current: SECRET } }),
        () => clock.now,
      ),
      store,
      quarantine: memoryQuarantine(quarantined),
      payloads: memoryPayloadBucket(new Map()),
      overflow,
      openDeadline,
      report: (report) => reports.push(report),
      fetch: () => Promise.reject(new Error('no request is made here')),
      clock: () => clock.now,
    });
    const deliver = async (events: readonly unknown[]) => {
      const before = asked.length;
      const { statusCode, body } = await callLambda(receive, delivery(events));
      return { status: statusCode, body: body && JSON.parse(body), asked: asked.slice(before) };
    };
    return { reports, deliver };
  }
  return { items, quarantined, failing, most, budget, clock, instance };
}

describe('A body of several events', () => {
  it('is answered 503 if one could not be stored, and its retry stores only what is missing', async () => {
    const { items, failing, instance } = openTable();
    const { deliver } = instance();
    failing.add('b');
    const events = ['a', 'b', 'c'].map(event);
    expect(await deliver(events)).toMatchObject({ status: 503, body: { code: 'temporarily_unavailable' } });
    expect(items.map(({ id }) => id)).toEqual(['okta#a', 'okta#c']);

    failing.clear();
    expect(await deliver(events)).toMatchObject({
      status: 200,
      body: {
        status: 'processed',
        events: [
          { event_id: 'a', status: 'duplicate' },
          { event_id: 'b', status: 'processed' },
          { event_id: 'c', status: 'duplicate' },
        ],
      },
    });
    expect(items.map(({ id }) => id)).toEqual(['okta#a', 'okta#c', 'okta#b']);
  });

  it('is reported with the outcome of each event, and with the duration of the writes', async () => {
    const { items, failing, instance } = openTable();
    const { reports, deliver } = instance();
    failing.add('b');
    jest.spyOn(performance, 'now').mockImplementation(() => 1_000 + 10 * items.length);
    await deliver(['a', 'b', 'c'].map(event));
    const events = [
      { status: 'processed', eventId: 'a' },
      { status: 'unavailable', eventId: 'b', reason: 'table_unavailable' },
      { status: 'processed', eventId: 'c' },
    ];
    expect(reports).toMatchObject([{ outcome: 'unavailable', reason: 'table_unavailable', events, storeMs: 20 }]);
  });

  it('is written 16 events at a time', async () => {
    const { most, instance } = openTable();
    const { asked } = await instance().deliver(ids(100).map(event));
    expect([asked.length, most.underWay]).toEqual([100, 16]);
  });

  it('is stored in the order of the body, if it is small', async () => {
    const { items, instance } = openTable();
    await instance().deliver(ids(99).map(event));
    expect(items.map(({ event_id }) => event_id)).toEqual(ids(99));
  });

  it('may hold any number of events', async () => {
    const { items, instance } = openTable();
    const { reports, deliver } = instance();
    expect((await deliver(ids(1_001).map(event))).status).toBe(200);
    expect(items).toHaveLength(1_001);
    expect(reports[0]?.events.map(({ eventId }) => eventId)).toEqual(ids(1_001));
  });

  it('is acknowledged if one event is invalid: that one is in quarantine, the others are processed', async () => {
    const { items, quarantined, instance } = openTable();
    const { reports, deliver } = instance();
    expect((await deliver([event('a'), event(''), event('c')])).status).toBe(200);
    expect(items.map(({ id }) => id)).toEqual(['okta#a', 'okta#c']);
    expect(quarantined).toMatchObject([{ reason: 'invalid_event', payload: JSON.stringify(event('')) }]);
    expect(reports).toMatchObject([{ outcome: 'quarantined', status: 200 }]);
  });
});

describe('A body whose events do not fit into the time budget', () => {
  const events = ids(250).map(event);

  it('is answered 503, and reported as out of time', async () => {
    const { items, budget, instance } = openTable();
    const { reports, deliver } = instance();
    budget.writes = 100;
    expect((await deliver(events)).status).toBe(503);
    expect(items.length).toBeLessThan(250);
    expect(reports).toMatchObject([{ outcome: 'unavailable', reason: 'out_of_time' }]);
    const statuses = new Set(reports[0]?.events.map(({ status }) => status));
    expect(statuses).toEqual(new Set(['processed', 'unavailable']));
  });

  it('is completed by its retries, each of which continues where the one before stopped', async () => {
    const { items, budget, clock, instance } = openTable();
    const { reports, deliver } = instance();
    budget.writes = 100;
    const asked: string[] = [];
    const statuses: number[] = [];
    let before = 0;
    for (const wait of [0, 60_000, 300_017]) {
      clock.now += wait;
      before = items.length;
      const response = await deliver(events);
      statuses.push(response.status);
      asked.push(...response.asked);
    }
    expect(statuses).toEqual([503, 503, 200]);
    expect(asked.toSorted()).toEqual(ids(250).toSorted());
    expect(items).toHaveLength(250);
    const [, , last] = reports;
    const counts = ['processed', 'duplicate'].map(
      (each) => last?.events.filter(({ status }) => status === each).length,
    );
    expect(counts).toEqual([asked.length - before, before]);
  });

  it('is stored again from the beginning once it was completed, since it is a new delivery then', async () => {
    const { budget, instance } = openTable();
    const { deliver } = instance();
    budget.writes = 200;
    await deliver(events);
    await deliver(events);
    budget.writes = Number.POSITIVE_INFINITY;
    expect((await deliver(events)).asked).toHaveLength(250);
  });

  it('is not mistaken for another body that another delivery left unfinished', async () => {
    const { items, budget, instance } = openTable();
    const { deliver } = instance();
    budget.writes = 100;
    await deliver(events);
    const missing = 250 - items.length;
    budget.writes = Number.POSITIVE_INFINITY;
    const others = ids(250).map((id) => event(`other-${id}`));
    expect((await deliver(others)).asked).toHaveLength(250);
    expect((await deliver(events)).asked).toHaveLength(missing);
    expect(items).toHaveLength(500);
  });

  it('continues after a fault of the table, too', async () => {
    const { failing, instance } = openTable();
    const { reports, deliver } = instance();
    for (const id of ids(250).slice(100, 130)) failing.add(id);
    expect((await deliver(events)).status).toBe(503);
    expect(reports).toMatchObject([{ reason: 'table_unavailable' }]);
    failing.clear();
    const retry = await deliver(events);
    expect([retry.status, retry.asked.length]).toEqual([200, 30]);
  });

  it('is stored after a few retries even if each is delivered to another instance, which begins at another event', async () => {
    const { items, budget, clock, instance } = openTable();
    budget.writes = 100;
    const { deliver } = instance();
    expect((await deliver(events)).status).toBe(503);
    for (const wait of [60_100, 300_100, 600_100]) {
      clock.now += wait;
      expect((await instance().deliver(events)).status).toBe(503);
    }
    expect(items).toHaveLength(250);
    expect((await deliver(events)).status).toBe(503);
    expect((await deliver(events)).status).toBe(200);
  });

  it('is forgotten once 16 others are unfinished, so that an instance remembers a bounded number', async () => {
    const { budget, instance } = openTable();
    const { deliver } = instance();
    budget.writes = 100;
    const bodies = Array.from({ length: 17 }, (_, body) => ids(250).map((id) => event(`${body}-${id}`)));
    for (const body of bodies) await deliver(body);
    budget.writes = Number.POSITIVE_INFINITY;
    expect((await deliver(bodies[1] ?? [])).asked.length).toBeLessThan(250);
    expect((await deliver(bodies[0] ?? [])).asked).toHaveLength(250);
  });
});

/** An overflow queue that remembers what it takes, by event id. */
function openQueue() {
  const messages: (string | undefined)[][] = [];
  const queue: OverflowQueue = {
    async send(judgements) {
      messages.push(judgements.map(eventIdOf));
      return undefined;
    },
  };
  return { messages, queue };
}

describe('An event that could not be stored', () => {
  it('is acknowledged as queued once the overflow queue has it', async () => {
    const { items, failing, instance } = openTable();
    const { messages, queue } = openQueue();
    const { reports, deliver } = instance(queue);
    failing.add('a');
    const { status, body } = await deliver([event('a')]);
    expect([status, body.events]).toEqual([200, [{ event_id: 'a', status: 'queued' }]]);
    expect([items, messages]).toEqual([[], [['a']]]);
    expect(reports).toMatchObject([
      { outcome: 'queued', status: 200, cause: { name: 'Error' }, events: [{ reason: 'table_unavailable' }] },
    ]);
  });

  it('is queued in one message with the others of its body that could not be stored, and with no more', async () => {
    const { items, failing, instance } = openTable();
    const { messages, queue } = openQueue();
    for (const id of ['b', 'd']) failing.add(id);
    const { status, body } = await instance(queue).deliver(['a', 'b', 'c', 'd'].map(event));
    const statuses = body.events.map((each: { status: string }) => each.status);
    expect([status, statuses]).toEqual([200, ['processed', 'queued', 'processed', 'queued']]);
    expect(messages).toEqual([['b', 'd']]);
    expect(items.map(({ event_id }) => event_id)).toEqual(['a', 'c']);
  });

  it('is queued if the time of its delivery did not suffice for all of a large body', async () => {
    const { items, budget, instance } = openTable();
    const { messages, queue } = openQueue();
    budget.writes = 100;
    expect((await instance(queue).deliver(ids(250).map(event))).status).toBe(200);
    const stored = items.map(({ event_id }) => event_id);
    expect([...stored, ...messages.flat()].toSorted()).toEqual(ids(250).toSorted());
    expect(messages).toHaveLength(1);
  });

  it('is not sent to the queue if all is stored, and is a duplicate of a queued one if it is stored later', async () => {
    const { failing, instance } = openTable();
    const { messages, queue } = openQueue();
    const { deliver } = instance(queue);
    await deliver([event('a')]);
    expect(messages).toEqual([]);
    failing.add('b');
    await deliver([event('b')]);
    failing.clear();
    expect((await deliver([event('b')])).body.events).toEqual([{ event_id: 'b', status: 'processed' }]);
  });

  it('is answered 503 if the queue takes nothing either, for the reason for which it was not stored', async () => {
    const { failing, instance } = openTable();
    const { reports, deliver } = instance();
    failing.add('a');
    expect((await deliver([event('a')])).status).toBe(503);
    expect(reports).toMatchObject([{ outcome: 'unavailable', reason: 'table_unavailable' }]);
  });
});
