import type { Cause } from '../causes.ts';
import type { Delivery } from '../delivery.ts';

/** A delivery as it may have been before something broke it. If its signature is valid, the cause is right. */
export interface Repair extends Cause {
  readonly delivery: Delivery;
}
