import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { QuarantineItem, QuarantineReason } from '../../../lambda/quarantine/quarantine-item.ts';

/** Which items to find. */
export interface ItemFilter {
  /** @default - every source */
  readonly source?: string | undefined;
  /** @default - every reason */
  readonly reason?: QuarantineReason | undefined;
}

/** A page of a scan. */
export interface ScannedPage {
  readonly items: readonly QuarantineItem[];
  /** How many items were read to find these. */
  readonly scanned: number;
}

/** The quarantine table, as an operator uses it. */
export interface QuarantineTable {
  /** Reads the whole table, page by page. */
  readonly scan: (filter: ItemFilter) => AsyncIterable<ScannedPage>;
  /** @returns undefined if there is no such item */
  readonly get: (id: string) => Promise<QuarantineItem | undefined>;
  /**
   * Deletes an item as it was read.
   * @returns false if it was delivered again since then, and is left
   */
  readonly delete: (item: QuarantineItem) => Promise<boolean>;
}

/** The quarantine table of a deployed or a local inbox. */
export function quarantineTable(documents: DynamoDBDocumentClient, tableName: string): QuarantineTable {
  const TableName = tableName;
  return {
    async *scan(filter) {
      const input = { TableName, ...filterExpression(filter) };
      for await (const { Items = [], ScannedCount = 0 } of paginateScan({ client: documents }, input)) {
        yield { items: Items as QuarantineItem[], scanned: ScannedCount };
      }
    },
    async get(id) {
      const { Item } = await documents.send(new GetCommand({ TableName, Key: { id }, ConsistentRead: true }));
      return Item as QuarantineItem | undefined;
    },
    async delete({ id, received_at }) {
      const unchanged = new DeleteCommand({
        TableName,
        Key: { id },
        ConditionExpression: 'attribute_not_exists(id) OR received_at = :read',
        ExpressionAttributeValues: { ':read': received_at },
      });
      return await documents.send(unchanged).then(() => true, falseIfChanged);
    },
  };
}

function falseIfChanged(error: unknown): false {
  if (error instanceof ConditionalCheckFailedException) return false;
  throw error;
}

/** `source` is a word that DynamoDB reserves. */
function filterExpression(filter: ItemFilter) {
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  if (given.length === 0) return {};
  return {
    FilterExpression: given.map(([name]) => `#${name} = :${name}`).join(' AND '),
    ExpressionAttributeNames: Object.fromEntries(given.map(([name]) => [`#${name}`, name])),
    ExpressionAttributeValues: Object.fromEntries(given.map(([name, value]) => [`:${name}`, value])),
  };
}
