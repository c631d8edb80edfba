import { deliveryLines, lineMaker } from './delivery-lines.ts';
import type { Delivery, DeliveryQuery } from './delivery-log.ts';
import { eventMatcher } from './delivery-matcher.ts';
import { deliveryRows } from './delivery-rows.ts';

/** How deliveries are printed. */
export interface PrintOptions {
  /** Of a body of several events, those that match are printed. */
  readonly query: Pick<DeliveryQuery, 'types' | 'outcomes'>;
  /** Whether each is printed at once, rather than all of them in columns that fit. */
  readonly isFollowing: boolean;
  readonly hasColours: boolean;
}

/**
 * Prints deliveries as a table.
 * @returns how many there were
 */
export async function printDeliveries(
  deliveries: AsyncIterable<Delivery>,
  { query, isFollowing, hasColours }: PrintOptions,
): Promise<number> {
  const isShown = eventMatcher(query);
  const options = { hasColours, columns: process.stdout.columns };
  const { headings, lines } = lineMaker(options);
  const all: Delivery[] = [];
  let count = 0;
  if (isFollowing) write(headings);
  for await (const delivery of deliveries) {
    count += 1;
    if (isFollowing) write(lines(deliveryRows(delivery, isShown)));
    else all.push(delivery);
  }
  const rows = all.flatMap((delivery) => deliveryRows(delivery, isShown));
  if (rows.length > 0) write(deliveryLines(rows, options));
  return count;
}

/** The lines are printable, and may have colours. */
function write(lines: readonly string[]): void {
  process.stdout.write(lines.map((line) => `${line}\n`).join(''));
}
