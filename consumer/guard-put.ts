/** A write of a guard's item, as the document client takes it. */
export interface GuardWrite {
  readonly TableName: string;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeValues?: Record<string, string | number>;
  readonly ReturnValuesOnConditionCheckFailure?: 'ALL_OLD';
}

/** A put of a guard's item that fails if the event was processed before. */
export interface GuardPut extends GuardWrite {
  readonly Item: Record<string, string | number>;
  readonly ConditionExpression: string;
  readonly ExpressionAttributeValues: Record<string, string | number>;
  readonly ReturnValuesOnConditionCheckFailure: 'ALL_OLD';
}

/** What a guard's item is made of. */
export interface GuardPutOptions {
  readonly table: string;
  readonly id: string;
  /** Epoch milliseconds. */
  readonly now: number;
  /** The life of the item. */
  readonly seconds: number;
  /** Names the attempt that is at work. @default - the event is processed */
  readonly claim?: string;
}

/** The put of a guard's item. An item may have expired and still be there: TTL deletes within days, not at once. */
export function guardPut({ table, id, now, seconds, claim }: GuardPutOptions): GuardPut {
  const nowSeconds = Math.floor(now / 1000);
  const state: Record<string, string> = claim === undefined ? { processed_at: new Date(now).toISOString() } : { claim };
  return {
    TableName: table,
    Item: { id, expires_at: nowSeconds + Math.ceil(seconds), ...state },
    ConditionExpression: 'attribute_not_exists(id) OR expires_at < :now',
    ExpressionAttributeValues: { ':now': nowSeconds },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  };
}

/** The state of a guard's item: either the event is processed, or an attempt is at work. */
export interface GuardState {
  readonly isProcessed: boolean;
  readonly claim: string | undefined;
}

/**
 * The state of the item that made a {@link guardPut} fail.
 * @param error of a put, or of a transaction
 * @returns undefined for any other error, such as that of a condition of the consumer's own
 */
export function guardStateIn(error: unknown, id: string): GuardState | undefined {
  const { Item, CancellationReasons } = Object(error);
  const reasons: unknown[] = Array.isArray(CancellationReasons) ? CancellationReasons : [];
  const items = [Item, ...reasons.map((reason) => Object(reason).Item)].map(Object);
  const states = items.filter((item) => textIn(item.id) === id).map(stateOf);
  return states.find(({ isProcessed, claim }) => isProcessed || claim !== undefined);
}

const stateOf = (item: { readonly processed_at?: unknown; readonly claim?: unknown }): GuardState => ({
  isProcessed: textIn(item.processed_at) !== undefined,
  claim: textIn(item.claim),
});

/** Errors have items in DynamoDB's own form, also those of the document client. */
function textIn(attribute: unknown): string | undefined {
  const { S } = Object(attribute);
  return typeof S === 'string' ? S : undefined;
}
