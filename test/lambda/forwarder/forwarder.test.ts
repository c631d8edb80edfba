import { describe, expect, it } from '@jest/globals';
import type { DynamoDBRecord } from 'aws-lambda';
import type { BusEntry } from '../../../lambda/forwarder/bus-entry.ts';
import { type ForwardReport, forwarder } from '../../../lambda/forwarder/forwarder.ts';
import {
  callForwarder,
  type DeadLetter,
  type PollerParts,
  pollShard,
  sequenceNumberOf,
  storedItem,
  streamRecord,
} from '../../support/stream.ts';

/** A forwarder over a bus that fails where the test decides; `attempt` counts all puts from 1. */
function delivering(fails: (eventId: string, attempt: number) => boolean = () => false) {
  const taken: string[] = [];
  const reports: ForwardReport[] = [];
  let attempts = 0;
  async function put({ detail }: BusEntry): Promise<void> {
    attempts += 1;
    const { event_id } = JSON.parse(detail);
    if (fails(event_id, attempts)) throw new Error(`not taken: ${detail}`);
    taken.push(event_id);
  }
  const names = { tableName: 'the-table', payloadBucketName: 'the-bucket' };
  const deliver = forwarder({ bus: { put }, ...names, report: (report) => reports.push(report) });
  return { taken, reports, deliver };
}

const itemOf = (event_id: string) =>
  storedItem({ id: `partner#${event_id}`, event_id, payload: `{"card":"secret-of-${event_id}"}` });

/** Records of new events: `evt_0` at sequence number 1000, and so on. */
const inserts = (count: number): DynamoDBRecord[] =>
  Array.from({ length: count }, (_, index) =>
    streamRecord({ item: itemOf(`evt_${index}`), sequenceNumber: String(1000 + index) }),
  );

/** A record whose payload cannot be read. */
const broken = (sequenceNumber: string): DynamoDBRecord => {
  const item = storedItem({ id: 'partner#broken', payload: Buffer.from('not gzip'), payload_encoding: 'gzip' });
  return streamRecord({ item, sequenceNumber });
};

describe('The forwarder', () => {
  it('puts each event of a batch on the bus', async () => {
    const { taken, reports, deliver } = delivering();
    expect(await callForwarder(deliver, inserts(3))).toEqual([]);
    expect(taken).toEqual(['evt_0', 'evt_1', 'evt_2']);
    expect(reports).toEqual(taken.map((id) => ({ outcome: 'forwarded', id: `partner#${id}` })));
  });

  it('reports exactly the events that failed as batch item failures', async () => {
    const { taken, deliver } = delivering((id) => id === 'evt_1' || id === 'evt_3');
    expect(await callForwarder(deliver, inserts(5))).toEqual(['1001', '1003']);
    expect(taken).toEqual(['evt_0', 'evt_2', 'evt_4']);
  });

  it('reports every event as a batch item failure if all failed, and does not fail itself', async () => {
    const { deliver } = delivering(() => true);
    expect(await callForwarder(deliver, inserts(3))).toEqual(['1000', '1001', '1002']);
  });

  it('reports an item that it cannot read as a failure, and forwards the others', async () => {
    const { taken, deliver } = delivering();
    expect(await callForwarder(deliver, [broken('999'), ...inserts(2)])).toEqual(['999']);
    expect(taken).toEqual(['evt_0', 'evt_1']);
  });

  it('reports no failure of the previous batch', async () => {
    const { deliver } = delivering((_, attempt) => attempt <= 2);
    expect(await callForwarder(deliver, inserts(2))).toEqual(['1000', '1001']);
    expect(await callForwarder(deliver, inserts(2))).toEqual([]);
  });

  it('forwards no removed and no edited item', async () => {
    const { taken, reports, deliver } = delivering();
    const old = itemOf('evt_0');
    const removed = streamRecord({ eventName: 'REMOVE', old, sequenceNumber: '1' });
    const edited = streamRecord({ eventName: 'MODIFY', item: old, old, sequenceNumber: '2' });
    expect(await callForwarder(deliver, [removed, edited])).toEqual([]);
    expect([taken, reports]).toEqual([[], []]);
  });
});

describe('The report of a failed event', () => {
  it('has the id of the event and the error, and nothing of the payload', async () => {
    const { reports, deliver } = delivering((id) => id === 'evt_1');
    await callForwarder(deliver, [...inserts(2), broken('2000')]);
    expect(reports).toHaveLength(3);
    expect(reports).toContainEqual({ outcome: 'forwarded', id: 'partner#evt_0' });
    expect(reports).toContainEqual({
      outcome: 'failed',
      id: 'partner#evt_1',
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
async function pollThrough(records: DynamoDBRecord[], bus: ReturnType<typeof delivering>, faults: Faults = {}) {
  const letters: DeadLetter[] = [];
  await pollShard(records, {
    batchSize: 25,
    retryAttempts: faults.retryAttempts ?? 100,
    halves: faults.halves ?? true,
    async invoke(batch) {
      faults.beforeInvocation?.();
      const failed = await callForwarder(bus.deliver, batch);
      faults.afterInvocation?.();
      return failed;
    },
    sendDeadLetter(letter) {
      faults.queue?.();
      letters.push(letter);
    },
  });
  return accountFor(records.map(sequenceNumberOf), bus.taken, letters);
}

/** The records that are dead letters, those that are not on the bus, and those that are neither. */
function accountFor(numbers: readonly string[], taken: readonly string[], letters: readonly DeadLetter[]) {
  const isDead = (number: string) =>
    letters.some((letter) => letter.startSequenceNumber <= number && number <= letter.endSequenceNumber);
  const onBus = new Set(taken.map((id) => String(1000 + Number(id.slice('evt_'.length)))));
  return {
    dead: numbers.filter(isDead),
    missing: numbers.filter((number) => !onBus.has(number)),
    lost: numbers.filter((number) => !onBus.has(number) && !isDead(number)),
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

describe.each([{ halves: true }, { halves: false }])('No event is lost (%j)', ({ halves }) => {
  const nothing = { dead: [], missing: [], lost: [] };

  it('if the bus fails for a while and recovers', async () => {
    const bus = delivering((_, attempt) => attempt <= 90);
    expect(await pollThrough(inserts(200), bus, { halves })).toEqual(nothing);
  });

  it.each([2, 3, 7])('if the bus fails one call in %d, at irregular intervals', async (every) => {
    const bus = delivering((_, attempt) => (attempt * GOLDEN_RATIO) % 1 < 1 / every);
    expect(await pollThrough(inserts(200), bus, { halves })).toEqual(nothing);
  });

  it('if Lambda repeats batches that succeeded', async () => {
    const bus = delivering();
    const afterInvocation = failing((call) => call % 2 === 1);
    expect(await pollThrough(inserts(100), bus, { halves, afterInvocation })).toEqual(nothing);
    expect(bus.taken.length).toBeGreaterThan(100);
  });

  it('if one event can never be forwarded: it becomes a dead letter, and the others are forwarded', async () => {
    const bus = delivering((id) => id === 'evt_57');
    const { dead, missing, lost } = await pollThrough(inserts(100), bus, { halves });
    expect(missing).toEqual(['1057']);
    expect(lost).toEqual([]);
    expect(dead).toEqual(halves ? ['1057'] : Array.from({ length: 18 }, (_, index) => String(1057 + index)));
  });

  it('if the bus fails for more attempts than there are: what is not forwarded becomes a dead letter', async () => {
    const bus = delivering((_, attempt) => attempt <= 150);
    const { missing, lost } = await pollThrough(inserts(100), bus, { halves, retryAttempts: 3 });
    expect(missing.length).toBeGreaterThan(0);
    expect(missing.length).toBeLessThan(100);
    expect(lost).toEqual([]);
  });

  it('if the stream, the bus and the queue all fail', async () => {
    const bus = delivering((id, attempt) => id === 'evt_3' || attempt % 5 < 3);
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
