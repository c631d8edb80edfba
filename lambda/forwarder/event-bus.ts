import type { BusEntry } from './bus-entry.ts';

/** Why the bus does not have an entry. */
export interface PutFailure {
  /** The error code, such as `MalformedDetail`. */
  readonly code: string;
  /** Whether the entry itself is refused, so that it will never be on the bus as it is. Any other failure may pass. */
  readonly isPermanent: boolean;
  readonly cause: unknown;
}

/** The bus that stored events are forwarded to. */
export interface EventBus {
  /**
   * Puts entries in one request.
   * @param entries at most 10, and at most `MAX_REQUEST_BYTES` together
   * @returns one result per entry, in order: undefined if the bus has it
   */
  readonly put: (entries: readonly BusEntry[]) => Promise<readonly (PutFailure | undefined)[]>;
}
