import { type BusEntry, entryBytes, MAX_REQUEST_BYTES } from './bus-entry.ts';

/**
 * The most entries in one request.
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
const MAX_ENTRIES = 10;

/**
 * Divides events into batches, each of which fits into one request, in the order of the events.
 * @param events an event without an entry takes no place in a request
 */
export function putBatches<T extends { readonly entry?: BusEntry | undefined }>(events: readonly T[]): readonly T[][] {
  const batches: T[][] = [];
  let bytes = 0;
  for (const event of events) {
    const size = event.entry ? entryBytes(event.entry) : 0;
    const current = batches.at(-1);
    if (current && current.length < MAX_ENTRIES && bytes + size <= MAX_REQUEST_BYTES) {
      current.push(event);
      bytes += size;
    } else {
      batches.push([event]);
      bytes = size;
    }
  }
  return batches;
}
