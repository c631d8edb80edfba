import type { Progress } from '../progress.ts';
import type { Delivery, DeliveryLog, DeliveryQuery } from './delivery-log.ts';

/** A query with an end. */
export type SearchQuery = DeliveryQuery & { readonly to: number };

/** Part of what a query finds: its newest deliveries. */
export interface DeliveryPage {
  /** In the order of their time. */
  readonly deliveries: readonly Delivery[];
  /** The time after the last of the older ones, in epoch milliseconds; undefined if there are none. */
  readonly next: number | undefined;
}

/** Options of a read that may take long. */
export interface ReadOptions {
  readonly progress: Progress;
  /** Stops the read. */
  readonly signal?: AbortSignal | undefined;
}

/** Finds the newest deliveries of a query. The next page is that of the same query to `next`, and may repeat some. */
export type FindPage = (query: SearchQuery, options: ReadOptions) => Promise<DeliveryPage>;

/** All that a log which is not large has of a query, in one page. */
export function wholePage({ list }: DeliveryLog): FindPage {
  return async (query, { signal }) => {
    const deliveries: Delivery[] = [];
    for await (const delivery of list(query, signal)) deliveries.push(delivery);
    return { deliveries, next: undefined };
  };
}
