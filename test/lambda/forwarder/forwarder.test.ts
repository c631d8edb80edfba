import { describe, expect, it } from '@jest/globals';
import type { DynamoDBRecord } from 'aws-lambda';
import type { BusEntry } from '../../../lambda/forwarder/bus-entry.ts';
import type { DeadLetter } from '../../../lambda/forwarder/dead-letters.ts';
import type { PutFailure } from '../../../lambda/forwarder/event-bus.ts';
import { type ForwardReport, forwarder } from '../../../lambda/forwarder/forwarder.ts';
import {
  callForwarder,
  type PollerParts,
  pollShard,
  type StreamPosition,
  sequenceNumberOf,
  storedItem,
  streamRecord,
} from '../../support/stream.ts';

/** A failure that may pass, and the refusal of an entry. */
const OUTAGE: PutFailure = { code: 'InternalFailure', isPermanent: false, cause: new Error('down') };
const REFUSAL: PutFailure = { code: 'MalformedDetail', isPermanent: true, cause: new Error('refused') };

/** An entry as the bus sees it. */
interface Seen {
  readonly event_id: string;
  readonly payload_omitted?: boolean;
}

/** What the bus answers to an entry, or undefined if it takes it; `attempt` counts all entries from 1. */
type Judge = (entry: Seen, attempt: number) => PutFailure | undefined;

/** A forwarder over a bus and a dead-letter queue that fail where the test decides. */
function forwarding(judge: Judge = () => undefined, sendLetter: () => void = () => undefined) {
  const taken: string[] = [];
  const requests: string[][] = [];
  const letters: DeadLetter[] = [];
  const reports: ForwardReport[] = [];
  let attempts = 0;
  async function put(entries: readonly BusEntry[]) {
    expect(entries).not.toEqual([]);
    const seen = entries.map(({ detail }): Seen => JSON.parse(detail));
    requests.push(seen.map(({ event_id, payload_omitted }) => event_id + (payload_omitted ? ' without payload' : '')));
    return seen.map((each) => {
      attempts += 1;
      const failure = judge(each, attempts);
      if (!failure) taken.push(each.event_id);
      return failure;
    });
  }
  async function send(letter: DeadLetter) {
    sendLetter();
    letters.push(letter);
  }
  const names = { tableName: 'the-table', payloadBucketName: 'the-bucket' };
  const report = (each: ForwardReport) => reports.push(each);
  const forward = forwarder({ bus: { put }, deadLetters: { send }, ...names, report });
  return { taken, requests, letters, reports, forward };
}

/** Refuses an event, with and without its payload. */
const refusing =
  (id: string): Judge =>
  ({ event_id }) =>
    event_id === id ? REFUSAL : undefined;

const itemOf = (event_id: string) =>
  storedItem({ id: `partner#${event_id}`, event_id, payload: `{"card":"secret-of-${event_id}"}` });

/** Records of new events: `evt_0` at sequence number 1000, and so on. */
const inserts = (count: number): DynamoDBRecord[] =>
  Array.from({ length: count }, (_, index) =>
    streamRecord({ item: itemOf(`evt_${index}`), sequenceNumber: String(1000 + index) }),
  );

/** A record whose payload cannot be decompressed. */
const damaged = (sequenceNumber: string): DynamoDBRecord => {
  const item = storedItem({
    id: 'partner#damaged',
    event_id: 'damaged',
    payload: Buffer.from('not gzip'),
    payload_encoding: 'gzip',
  });
  return streamRecord({ item, sequenceNumber });
};

/** A record with a number that no JSON can hold, or that the SDK cannot read. */
const unreadable = (sequenceNumber: string, number = '9007199254740993'): DynamoDBRecord => {
  const record = streamRecord({ item: itemOf('unreadable'), sequenceNumber });
  return {
    dynamodb: { ...record.dynamodb, NewImage: { ...record.dynamodb?.NewImage, data: { N: number } } },
  };
};

describe('The forwarder', () => {
  it('puts the events of a batch on the bus, ten in one request', async () => {
    const { taken, requests, reports, forward } = forwarding();
    expect(await callForwarder(forward, inserts(25))).toEqual([]);
    expect(taken).toEqual(Array.from({ length: 25 }, (_, index) => `evt_${index}`));
    expect(requests.map((ids) => ids.length)).toEqual([10, 10, 5]);
    expect(reports).toEqual(taken.map((id) => ({ outcome: 'forwarded', id: `partner#${id}` })));
  });

  it('reports the first event whose failure may pass, and puts no event of a later request', async () => {
    const { taken, reports, forward } = forwarding(({ event_id }) => (event_id === 'evt_3' ? OUTAGE : undefined));
    expect(await callForwarder(forward, inserts(25))).toEqual(['1003']);
    expect(taken).not.toContain('evt_10');
    expect(reports.map(({ outcome }) => outcome)).toEqual(['forwarded', 'forwarded', 'forwarded', 'failed']);
  });

  it('reports the first event if all failed, and does not fail itself', async () => {
    const { forward } = forwarding(() => OUTAGE);
    expect(await callForwarder(forward, inserts(3))).toEqual(['1000']);
  });

  it('reports no failure of the previous batch', async () => {
    const { forward } = forwarding((_, attempt) => (attempt <= 2 ? OUTAGE : undefined));
    expect(await callForwarder(forward, inserts(2))).toEqual(['1000']);
    expect(await callForwarder(forward, inserts(2))).toEqual([]);
  });

  it('forwards no removed and no edited item', async () => {
    const { requests, reports, forward } = forwarding();
    const old = itemOf('evt_0');
    const removed = streamRecord({ eventName: 'REMOVE', old, sequenceNumber: '1' });
    const edited = streamRecord({ eventName: 'MODIFY', item: old, old, sequenceNumber: '2' });
    expect(await callForwarder(forward, [removed, edited])).toEqual([]);
    expect([requests, reports]).toEqual([[], []]);
  });

  it('begins no request in the second half of the time of an invocation', async () => {
    const { taken, forward } = forwarding();
    const remaining = [30_000, 15_000, 14_999];
    expect(await callForwarder(forward, inserts(25), () => remaining.shift() ?? 0)).toEqual(['1010']);
    expect(taken).toHaveLength(10);
  });
});

describe('An event that the bus refuses', () => {
  it('is put once more, without its payload', async () => {
    const judge: Judge = ({ event_id, payload_omitted }) =>
      event_id === 'evt_1' && !payload_omitted ? REFUSAL : undefined;
    const { requests, letters, reports, forward } = forwarding(judge);
    expect(await callForwarder(forward, inserts(3))).toEqual([]);
    expect(requests).toEqual([['evt_0', 'evt_1', 'evt_2'], ['evt_1 without payload']]);
    expect(letters).toEqual([]);
    expect(reports).toContainEqual({ outcome: 'payload_omitted', id: 'partner#evt_1', reason: 'MalformedDetail' });
  });

  it('becomes a message in the dead-letter queue if it is refused without its payload too', async () => {
    const { taken, letters, reports, forward } = forwarding(refusing('evt_1'));
    expect(await callForwarder(forward, inserts(3))).toEqual([]);
    expect(taken).toEqual(['evt_0', 'evt_2']);
    expect(letters).toEqual([{ id: 'partner#evt_1', table: 'the-table', reason: 'MalformedDetail' }]);
    expect(reports).toContainEqual({ outcome: 'dead_letter', id: 'partner#evt_1', reason: 'MalformedDetail' });
  });

  it('is forwarded again if the second attempt fails in a way that may pass', async () => {
    const { letters, forward } = forwarding(({ event_id, payload_omitted }) => {
      if (event_id === 'evt_1') return payload_omitted ? OUTAGE : REFUSAL;
      return undefined;
    });
    expect(await callForwarder(forward, inserts(3))).toEqual(['1001']);
    expect(letters).toEqual([]);
  });

  it('is forwarded again if the dead-letter queue does not accept it', async () => {
    let isDown = true;
    const { letters, reports, forward } = forwarding(refusing('evt_1'), () => {
      if (isDown) throw new Error('queue down');
    });
    expect(await callForwarder(forward, inserts(3))).toEqual(['1001']);
    expect(reports.at(-1)).toMatchObject({ outcome: 'failed', id: 'partner#evt_1', reason: 'DeadLetterQueue' });
    isDown = false;
    expect(await callForwarder(forward, inserts(3).slice(1))).toEqual([]);
    expect(letters).toHaveLength(1);
  });

  it('is left for the next invocation if this one has no time for it', async () => {
    const { requests, letters, forward } = forwarding(refusing('evt_1'));
    const remaining = [30_000, 30_000, 14_999];
    expect(await callForwarder(forward, inserts(3), () => remaining.shift() ?? 0)).toEqual(['1001']);
    expect([requests.length, letters]).toEqual([1, []]);
  });

  it('gets no message if an event before it must come again, which would bring it again', async () => {
    const { letters, forward } = forwarding(({ event_id }) => {
      if (event_id === 'evt_0') return OUTAGE;
      return event_id === 'evt_1' ? REFUSAL : undefined;
    });
    expect(await callForwarder(forward, inserts(3))).toEqual(['1000']);
    expect(letters).toEqual([]);
  });
});

describe('An item that cannot be read', () => {
  it('is put without its payload if only that is damaged', async () => {
    const { requests, reports, forward } = forwarding();
    expect(await callForwarder(forward, [damaged('999'), ...inserts(2)])).toEqual([]);
    expect(requests).toEqual([['evt_0', 'evt_1'], ['damaged without payload']]);
    expect(reports).toContainEqual({ outcome: 'payload_omitted', id: 'partner#damaged', reason: 'Unreadable' });
  });

  it.each([
    ['an integer', '9007199254740993'],
    ['a fraction', '9007199254740993.5'],
  ])('becomes a message in the dead-letter queue, and the others are forwarded: %s', async (_, number) => {
    const { taken, letters, forward } = forwarding();
    expect(await callForwarder(forward, [unreadable('999', number), ...inserts(2)])).toEqual([]);
    expect(taken).toEqual(['evt_0', 'evt_1']);
    expect(letters).toEqual([{ id: 'partner#unreadable', table: 'the-table', reason: 'Unreadable' }]);
  });

  it('is no reason for an empty request', async () => {
    const { requests, letters, forward } = forwarding();
    expect(await callForwarder(forward, [unreadable('999')])).toEqual([]);
    expect([requests, letters.length]).toEqual([[], 1]);
  });
});

describe('The report of a failed event', () => {
  it('has the id of the event and the error, and nothing of the payload', async () => {
    const cause = new Error('not taken: {"card":"secret-of-evt_1"}');
    const { reports, forward } = forwarding(({ event_id }) =>
      event_id === 'evt_1' ? { ...OUTAGE, cause } : undefined,
    );
    await callForwarder(forward, [damaged('999'), ...inserts(2)]);
    expect(reports).toHaveLength(3);
    expect(reports.at(-1)).toEqual({
      outcome: 'failed',
      id: 'partner#evt_1',
      reason: 'InternalFailure',
      cause: { name: 'Error', stack: expect.stringMatching(/^\s+at /) },
    });
    expect(JSON.stringify(reports)).not.toMatch(/secret-of|card|not taken/);
  });
});

/** Failures around the function; each throws. */
interface Faults extends Partial<Pick<PollerParts, 'retryAttempts' | 'halves'>> {
  readonly beforeInvocation?: () => void;
  readonly afterInvocation?: () => void;
  readonly queue?: () => void;
}

/** Polls a shard to its end with a mapping like the stack's, and accounts for every record. */
async function pollThrough(records: DynamoDBRecord[], bus: ReturnType<typeof forwarding>, faults: Faults = {}) {
  const letters: StreamPosition[] = [];
  await pollShard(records, {
    batchSize: 25,
    retryAttempts: faults.retryAttempts ?? 100,
    halves: faults.halves ?? true,
    async invoke(batch) {
      faults.beforeInvocation?.();
      const failed = await callForwarder(bus.forward, batch);
      faults.afterInvocation?.();
      return failed;
    },
    sendDeadLetter(letter) {
      faults.queue?.();
      letters.push(letter);
    },
  });
  return accountFor(records.map(sequenceNumberOf), bus, letters);
}

/** The records that Lambda or the forwarder made dead letters, those that are not on the bus, and those that are neither. */
function accountFor(
  numbers: readonly string[],
  { taken, letters }: ReturnType<typeof forwarding>,
  positions: readonly StreamPosition[],
) {
  const numberOf = (id: string) => String(1000 + Number(/evt_(\d+)$/.exec(id)?.[1]));
  const onBus = new Set(taken.map(numberOf));
  const named = new Set(letters.map(({ id }) => numberOf(id)));
  const isGivenUp = (number: string) =>
    positions.some(({ startSequenceNumber: first, endSequenceNumber: last }) => first <= number && number <= last);
  const isLost = (number: string) => !onBus.has(number) && !named.has(number) && !isGivenUp(number);
  return {
    named: [...named],
    givenUp: numbers.filter(isGivenUp),
    missing: numbers.filter((number) => !onBus.has(number)),
    lost: numbers.filter(isLost),
  };
}

/** Throws on the calls that the test picks by their number, from 1. */
function failing(picks: (call: number) => boolean): () => void {
  let calls = 0;
  return () => {
    calls += 1;
    if (picks(calls)) throw new Error('injected');
  };
}

/** Its multiples are in step with no batch size. */
const GOLDEN_RATIO = (1 + Math.sqrt(5)) / 2;

/** Fails the puts of the entries that the test picks by their number, from 1, in a way that may pass. */
const failingPuts =
  (picks: (attempt: number) => boolean): Judge =>
  (_, attempt) =>
    picks(attempt) ? OUTAGE : undefined;

describe.each([{ halves: true }, { halves: false }])('No event is lost (%j)', ({ halves }) => {
  const nothing = { named: [], givenUp: [], missing: [], lost: [] };

  it('if the bus fails for a while and recovers', async () => {
    const bus = forwarding(failingPuts((attempt) => attempt <= 90));
    expect(await pollThrough(inserts(200), bus, { halves })).toEqual(nothing);
  });

  it.each([2, 3, 7])('if the bus fails one put in %d, at irregular intervals', async (every) => {
    const bus = forwarding(failingPuts((attempt) => (attempt * GOLDEN_RATIO) % 1 < 1 / every));
    expect(await pollThrough(inserts(200), bus, { halves })).toEqual(nothing);
  });

  it('if Lambda repeats batches that succeeded', async () => {
    const bus = forwarding();
    const afterInvocation = failing((call) => call % 2 === 1);
    expect(await pollThrough(inserts(100), bus, { halves, afterInvocation })).toEqual(nothing);
    expect(bus.taken.length).toBeGreaterThan(100);
  });

  it('if the bus refuses an event: it is named in a dead letter at once, and no other event is put twice', async () => {
    const bus = forwarding(refusing('evt_57'));
    const account = await pollThrough(inserts(100), bus, { halves });
    expect(account).toEqual({ named: ['1057'], givenUp: [], missing: ['1057'], lost: [] });
    expect(bus.taken).toHaveLength(99);
    expect(bus.requests).toHaveLength(4 * 3 + 1);
  });

  it('if the bus refuses events while the queue of dead letters is down: each is named once the queue is up', async () => {
    const queue = failing((call) => call <= 20);
    const bus = forwarding(({ event_id }) => (/[37]$/.test(event_id) ? REFUSAL : undefined), queue);
    const { named, givenUp, missing, lost } = await pollThrough(inserts(100), bus, { halves });
    expect([named, lost, givenUp]).toEqual([missing, [], []]);
    expect(named).toHaveLength(20);
  });

  it('if the bus fails for more attempts than there are: what is not forwarded becomes a dead letter of Lambda', async () => {
    const bus = forwarding(failingPuts((attempt) => attempt <= 150));
    const { missing, lost } = await pollThrough(inserts(100), bus, { halves, retryAttempts: 3 });
    expect(missing.length).toBeGreaterThan(0);
    expect(missing.length).toBeLessThan(100);
    expect(lost).toEqual([]);
  });

  it('if the stream, the bus and both senders of dead letters all fail', async () => {
    const judge: Judge = ({ event_id }, attempt) => {
      if (event_id === 'evt_3') return REFUSAL;
      return attempt % 5 < 3 ? OUTAGE : undefined;
    };
    const bus = forwarding(
      judge,
      failing((call) => call % 2 === 1),
    );
    const { missing, lost } = await pollThrough(inserts(100), bus, {
      halves,
      retryAttempts: 10,
      beforeInvocation: failing((call) => call % 4 === 0),
      afterInvocation: failing((call) => call % 4 === 1),
      queue: failing((call) => call % 3 !== 0),
    });
    expect(missing).toContain('1003');
    expect(lost).toEqual([]);
  });
});
