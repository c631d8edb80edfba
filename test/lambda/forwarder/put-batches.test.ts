import { describe, expect, it } from '@jest/globals';
import { type BusEntry, MAX_REQUEST_BYTES } from '../../../lambda/forwarder/bus-entry.ts';
import { putBatches } from '../../../lambda/forwarder/put-batches.ts';

/** An event whose entry has this size as EventBridge counts it. */
function eventOf(bytes: number): { readonly entry: BusEntry } {
  const rest = { source: 'webhook-inbox.partner', detailType: 'paid', time: new Date(0) };
  return { entry: { ...rest, detail: 'd'.repeat(bytes - 14 - rest.source.length - rest.detailType.length) } };
}

const countsOf = (sizes: readonly number[]) => putBatches(sizes.map(eventOf)).map((batch) => batch.length);

describe('The batches of events', () => {
  it('have up to 10 entries, and all events in their order', () => {
    const events = Array.from({ length: 25 }, () => eventOf(100));
    const batches = putBatches(events);
    expect(batches.map((batch) => batch.length)).toEqual([10, 10, 5]);
    expect(batches.flat()).toEqual(events);
  });

  it('have as many bytes as a request may have, and not one more', () => {
    const half = MAX_REQUEST_BYTES / 2;
    expect(countsOf([half, half, 100])).toEqual([2, 1]);
    expect(countsOf([half, half + 1, 100])).toEqual([1, 2]);
    expect(countsOf([MAX_REQUEST_BYTES, MAX_REQUEST_BYTES])).toEqual([1, 1]);
  });

  it('count no bytes for an event without an entry', () => {
    expect(putBatches([eventOf(MAX_REQUEST_BYTES), {}, {}]).map((batch) => batch.length)).toEqual([3]);
    expect(putBatches([])).toEqual([]);
  });
});
