import type { PayloadObject } from './payload.ts';

/** A service cannot be reached, refuses or throttles; the sender should try again. */
export interface Unavailable {
  readonly unavailable: unknown;
}

/** Where payloads are kept that are too large for an item. */
export interface PayloadBucket {
  /** What precedes the source's name in each key, with a slash at its end. @default - nothing */
  readonly prefix?: string | undefined;
  /**
   * Writes an object, again where it exists: its key names its content.
   * @param deadline when to give up, on the clock of `performance.now()`
   * @returns undefined once the object is durable
   */
  readonly put: (object: PayloadObject, deadline: number) => Promise<Unavailable | undefined>;
}
