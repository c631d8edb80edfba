/**
 * The largest item that DynamoDB stores, in bytes, names of attributes included.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
 */
export const MAX_ITEM_BYTES = 400 * 1024;

/** The most that DynamoDB counts for a number: 38 digits, two to a byte, and two bytes more. */
const NUMBER_BYTES = 21;
const CONTAINER_BYTES = 3;

/**
 * The size of an item as DynamoDB counts it, in bytes, at most: numbers count as the longest.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.length;
  if (typeof value === 'number') return NUMBER_BYTES;
  if (typeof value !== 'object' || value === null) return 1;
  const entries = Object.entries(value);
  const names = Array.isArray(value) ? 0 : Buffer.byteLength(entries.map(([name]) => name).join(''));
  return entries.reduce((sum, [, each]) => sum + 1 + itemBytes(each), CONTAINER_BYTES + names);
}
