/** The outcome of a read from a source that may fail. All times are in epoch milliseconds. */
export type Reading<Value, Failure> =
  | {
      readonly value: Value;
      /** Until then, the value is served without another read. */
      readonly freshUntil: number;
      /** Until then, the value is served if the reads after it fail. Not earlier than `freshUntil`. */
      readonly usableUntil: number;
    }
  | {
      readonly failure: Failure;
      /** Until then, the failure is served without another read. A time that has passed means that it is not kept. */
      readonly retryAt: number;
    };

/**
 * Reads a value from its source.
 * @param stale what is served if the read fails; undefined if there is nothing to serve
 */
export type Read<Value, Failure> = (stale: Value | undefined) => Promise<Reading<Value, Failure>>;

/** Values by key. Concurrent calls with the same key share one read. An error that a read throws is not kept. */
export interface Cache<Value, Failure> {
  /**
   * The value while it is fresh. After that, a new read; and if that fails, the value as long as it is usable.
   * @param now epoch milliseconds
   * @returns the failure if no value is usable
   */
  readonly get: (key: string, now: number, read: Read<Value, Failure>) => Promise<Value | Failure>;
  /**
   * The value if its read began after `since`; a new read otherwise.
   * @param times epoch milliseconds
   * @returns the failure if that read fails, or an earlier one failed and its time to retry has not come
   */
  readonly refresh: (
    key: string,
    times: { readonly now: number; readonly since: number },
    read: Read<Value, Failure>,
  ) => Promise<Value | Failure>;
}

interface Entry<Value> {
  readonly value: Value;
  readonly readAt: number;
  readonly freshUntil: number;
  readonly usableUntil: number;
}

/** The bound on values, and on failures. They are kept apart, so that failures never displace a value. */
const MAX_KEPT = 100;

/**
 * A cache that serves a value while it is fresh, refreshes it afterwards, and serves it on while its source fails. It
 * remembers failures too, so that a flood of requests during an outage is no flood of reads. Of more than 100 values, the
 * one that was not used for the longest time is dropped.
 * @see https://www.rfc-editor.org/rfc/rfc5861#section-4
 */
export function staleIfErrorCache<Value, Failure>(): Cache<Value, Failure> {
  const values = new Map<string, Entry<Value>>();
  const failures = new Map<string, Extract<Reading<Value, Failure>, { failure: Failure }>>();
  const reads = new Map<string, Promise<Reading<Value, Failure>>>();

  function usable(key: string, now: number): Entry<Value> | undefined {
    const entry = values.get(key);
    return entry && now < entry.usableUntil ? entry : undefined;
  }

  async function readAndKeep(key: string, now: number, read: Read<Value, Failure>): Promise<Reading<Value, Failure>> {
    const reading = await read(usable(key, now)?.value);
    if ('value' in reading) {
      putLast(values, key, { ...reading, readAt: now });
      failures.delete(key);
    } else if (reading.retryAt > now) {
      putLast(failures, key, reading);
    }
    return reading;
  }

  function readOnce(key: string, now: number, read: Read<Value, Failure>): Promise<Reading<Value, Failure>> {
    const failed = failures.get(key);
    if (failed && now < failed.retryAt) return Promise.resolve(failed);
    const pending = reads.get(key);
    if (pending) return pending;
    const reading = readAndKeep(key, now, read).finally(() => reads.delete(key));
    reads.set(key, reading);
    return reading;
  }

  return {
    async get(key, now, read) {
      const entry = usable(key, now);
      if (entry) putLast(values, key, entry);
      if (entry && now < entry.freshUntil) return entry.value;
      const reading = await readOnce(key, now, read);
      if ('value' in reading) return reading.value;
      return entry ? entry.value : reading.failure;
    },
    async refresh(key, { now, since }, read) {
      const entry = values.get(key);
      if (entry && entry.readAt > since) return entry.value;
      const reading = await readOnce(key, now, read);
      return 'value' in reading ? reading.value : reading.failure;
    },
  };
}

/** A map keeps the order of insertion, so its first key is the one that was put the longest time ago. */
function putLast<Each>(map: Map<string, Each>, key: string, each: Each): void {
  map.delete(key);
  map.set(key, each);
  const [first] = map.keys();
  if (map.size > MAX_KEPT && first !== undefined) map.delete(first);
}
