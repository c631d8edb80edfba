import { randomUUID } from 'node:crypto';
import { type GuardPut, type GuardWrite, guardPut, guardStateIn } from './guard-put.ts';

/** How a consumer remembers the events that it has processed. */
export interface OnceOptions {
  /** The consumer's own table: partition key `id` (string), TTL attribute `expires_at`. */
  readonly table: string;
  /**
   * The consumer's name, where several share a table. Without it, an event that one of them has processed is a duplicate
   * for the others.
   * @default - the table has one consumer
   */
  readonly consumer?: string;
  /**
   * How long an event is remembered, in days. By default, a replay or a redelivery of the inbox reaches back 30 days, and
   * a queue keeps a message for at most 14 more.
   * @default 60
   */
  readonly retentionDays?: number;
  /** Epoch milliseconds. @default Date.now */
  readonly clock?: () => number;
}

/** The document client, of any version 3 of the AWS SDK. */
export interface GuardDocuments {
  readonly put: (input: GuardWrite & Pick<GuardPut, 'Item'>) => Promise<unknown>;
  readonly delete: (input: GuardWrite & { readonly Key: Record<string, string> }) => Promise<unknown>;
}

/** How work is done that no transaction covers. */
export interface RunOptions {
  /** `DynamoDBDocument.from(new DynamoDB())`. It needs `dynamodb:PutItem` and `dynamodb:DeleteItem` on the table. */
  readonly documents: GuardDocuments;
  /** How long an attempt can take at most, such as the function's timeout. Until then, no other attempt begins. */
  readonly leaseSeconds: number;
}

/** The guard of one event. */
export interface Once {
  /**
   * For a transaction with the consumer's own writes: `TransactItems: [{ Put: guard.put }, …]`. All of them are written or
   * none. So an event is processed exactly once, and an attempt that fails leaves nothing behind.
   */
  readonly put: GuardPut;
  /**
   * Whether a transaction with `put` failed because the event was processed before, which is no error. Throw any other
   * error, so that the event comes again.
   */
  readonly isDuplicate: (error: unknown) => boolean;
  /**
   * Does work that no transaction covers, such as a call of a service, unless the event was processed before. It claims the
   * event in one conditional write, and records afterwards that it was processed. If the work throws, the event can be
   * processed again at once. If the function ends first, that is possible when the lease ends: then the work may have been
   * done, so let the service recognise `detail.id`.
   * @throws {InProgressError} if another attempt may be at work, so that the event comes again
   * @throws what the work throws, and the SDK's errors
   */
  readonly run: (options: RunOptions, work: () => Promise<unknown>) => Promise<'processed' | 'duplicate'>;
}

/** Another attempt has claimed the event, and its lease has not ended. */
export class InProgressError extends Error {
  override readonly name = 'InProgressError';
}

const DAY_SECONDS = 86_400;

/** Guards a consumer against processing an event twice. It writes nothing by itself: a transaction does, or `run`. */
export function once({ detail }: { readonly detail: { readonly id: string } }, options: OnceOptions): Once {
  const { table, consumer, retentionDays = 60, clock = Date.now } = options;
  const id = consumer === undefined ? detail.id : `${consumer}#${detail.id}`;
  const processed = () => guardPut({ table, id, now: clock(), seconds: retentionDays * DAY_SECONDS });

  return {
    put: processed(),
    isDuplicate: (error) => guardStateIn(error, id)?.isProcessed ?? false,
    async run({ documents, leaseSeconds }, work) {
      const claim = randomUUID();
      const claimed = await putClaim(documents, guardPut({ table, id, now: clock(), seconds: leaseSeconds, claim }));
      if (claimed === 'duplicate') return 'duplicate';
      try {
        await work();
      } catch (error) {
        await deleteClaim(documents, table, id, claim);
        throw error;
      }
      // The work is done, whoever has the lease by now.
      await documents.put({ TableName: table, Item: processed().Item });
      return 'processed';
    },
  };
}

async function putClaim(documents: GuardDocuments, put: GuardPut): Promise<'claimed' | 'duplicate'> {
  const { id, claim } = put.Item;
  try {
    await documents.put(put);
    return 'claimed';
  } catch (cause) {
    const state = guardStateIn(cause, String(id));
    if (state?.isProcessed) return 'duplicate';
    // The SDK repeats a request whose response was lost, and then meets its own item.
    if (state?.claim === claim) return 'claimed';
    throw state ? new InProgressError(`Another attempt is processing ${id}.`) : cause;
  }
}

/** A claim that cannot be deleted ends with its lease; the work's error is what counts. */
async function deleteClaim(documents: GuardDocuments, table: string, id: string, claim: string): Promise<void> {
  const own = { ConditionExpression: 'claim = :claim', ExpressionAttributeValues: { ':claim': claim } };
  await documents.delete({ TableName: table, Key: { id }, ...own }).catch(() => undefined);
}
