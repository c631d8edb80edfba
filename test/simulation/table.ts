import type { AwsAnswer, AwsCall, AwsService } from './aws-transport.ts';
import type { ServiceName } from './outages.ts';

/** A value of DynamoDB, as its protocol writes it: numbers are text, and bytes are base64. */
export interface TableValue {
  readonly S?: string;
  readonly N?: string;
  readonly B?: string;
}

/** An item of a table, as DynamoDB types it. */
export type TableItem = Readonly<Record<string, TableValue>>;

/** A change of a table. */
export interface TableChange {
  readonly id: string;
  /** Undefined for an item that was deleted. */
  readonly item: TableItem | undefined;
  readonly old: TableItem | undefined;
}

/** A table of DynamoDB with the partition key `id` and the TTL attribute `expires_at`. */
export interface SimulatedTable extends AwsService {
  /** Expired items are there until they are swept. */
  readonly items: ReadonlyMap<string, TableItem>;
  /** Deletes every item that has expired, as DynamoDB does sooner or later. */
  readonly sweep: () => void;
}

/** Makes an empty table. @param now epoch milliseconds @param onChange is called after every write */
export function simulatedTable(
  name: ServiceName,
  now: () => number,
  onChange: (change: TableChange) => void,
): SimulatedTable {
  const items = new Map<string, TableItem>();

  function put(input: AwsCall['input']): AwsAnswer {
    const item = input.Item as TableItem;
    const id = item.id?.S ?? '';
    const old = items.get(id);
    if (!isConditionMet(input, old)) {
      const isAsked = input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
      return { __type: 'ConditionalCheckFailedException', message: 'not met', ...(isAsked && { Item: old }) };
    }
    items.set(id, item);
    onChange({ id, item, old });
    return {};
  }

  return {
    name,
    items,
    answer({ operation, input }) {
      if (operation !== 'PutItem') return { __type: 'AccessDeniedException', message: operation };
      return put(input);
    },
    sweep() {
      for (const [id, old] of items) {
        if (!isExpired(old, now())) continue;
        items.delete(id);
        onChange({ id, item: undefined, old });
      }
    },
  };
}

/** Whether an item's time to live is over. @param now epoch milliseconds */
export function isExpired(item: TableItem, now: number): boolean {
  return Number(item.expires_at?.N) < Math.floor(now / 1000);
}

function isConditionMet(input: AwsCall['input'], old: TableItem | undefined): boolean {
  const condition = String(input.ConditionExpression ?? '');
  const values = (input.ExpressionAttributeValues ?? {}) as TableItem;
  return condition === '' || condition.split(' OR ').some((term) => isTermMet(term, old, values));
}

/** Knows the terms `attribute_not_exists(name)` and `name < :value`, and no others. */
function isTermMet(term: string, old: TableItem | undefined, values: TableItem): boolean {
  const absent = /^attribute_not_exists\((\w+)\)$/.exec(term)?.[1];
  if (absent !== undefined) return old?.[absent] === undefined;
  const [, name = '', value = ''] = /^(\w+) < (:\w+)$/.exec(term) ?? [];
  if (!values[value]) throw new Error(`The simulated table does not know the condition ${term}.`);
  return old?.[name] !== undefined && Number(old[name].N) < Number(values[value].N);
}
