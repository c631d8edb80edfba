/** The unit in which DynamoDB counts writes, in bytes. */
const WRITE_UNIT_BYTES = 1024;

/**
 * Write units of an item.
 * @param bytes the size of the item
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export const writeUnits = (bytes: number): number => Math.ceil(bytes / WRITE_UNIT_BYTES);
