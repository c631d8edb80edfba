const WRITE_UNIT_BYTES = 1024;

/**
 * The write units that DynamoDB counts for an item: one per KB, rounded up.
 * @param bytes the size of the item
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 */
export const writeUnits = (bytes: number) => Math.ceil(bytes / WRITE_UNIT_BYTES);
