import type { BusEntry } from './bus-entry.ts';

/** Where stored events go on to. */
export interface EventBus {
  /** @throws {Error} unless the bus has taken it */
  readonly put: (entry: BusEntry) => Promise<void>;
}
