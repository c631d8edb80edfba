import type { Unavailable } from '../payloads/payload-bucket.ts';
import type { Judgement } from '../storage/judgement.ts';

/** Where events wait that could not be stored at once. */
export interface OverflowQueue {
  /**
   * Sends events to the queue, in as few messages as hold them.
   * @param judgements events of one delivery
   * @param deadline when to give up, on the clock of `performance.now()`
   * @returns undefined once all of them are durable in the queue
   */
  readonly send: (judgements: readonly Judgement[], deadline: number) => Promise<Unavailable | undefined>;
}
