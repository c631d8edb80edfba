import type { BusEntry } from './bus-entry.ts';

/** The bus that stored events are forwarded to. */
export interface EventBus {
  /** @throws {Error} if the bus does not accept the entry */
  readonly put: (entry: BusEntry) => Promise<void>;
}
