import type { Unavailable } from '../payloads/payload-bucket.ts';
import type { QuarantineItem } from './quarantine-item.ts';

/** Where verified but invalid events are kept for an operator. */
export interface Quarantine {
  /**
   * Writes the item; one of the same body is replaced, so that it shows the last delivery.
   * @param deadline when to give up, on the clock of `performance.now()`
   * @returns undefined once the item is durable
   * @throws for a defect in this code, which no retry can fix
   */
  readonly put: (item: QuarantineItem, deadline: number) => Promise<Unavailable | undefined>;
}
