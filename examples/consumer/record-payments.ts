import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { once, parseSqsRecord, readPayload } from 'webhook-inbox/consumer';
import type { PaymentEvent } from './sources.ts';

const { PROCESSED_TABLE = '', TOTALS_TABLE = '' } = process.env;
const documents = DynamoDBDocument.from(new DynamoDB());
const s3 = new S3();

/** An amount of money. */
interface Payment {
  /** In the smallest unit of the currency, such as cents. */
  readonly amount: number;
  readonly currency: string;
}

/** Adds each payment to the total of its currency, exactly once. What fails stays in the queue. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const results = await Promise.allSettled(Records.map(recordPayment));
  const failed = Records.filter((_, index) => results[index]?.status === 'rejected');
  for (const result of results) if (result.status === 'rejected') console.error(result.reason);
  return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

async function recordPayment(record: SQSRecord): Promise<void> {
  const event = parseSqsRecord<PaymentEvent>(record);
  const payment = await paymentOf(event);
  if (payment) await addToTotal(event, payment);
}

async function paymentOf(event: PaymentEvent): Promise<Payment | undefined> {
  switch (event.source) {
    case 'webhook-inbox.stripe-eu': {
      const { type, data } = await readPayload(event, { documents, s3 });
      return type === 'invoice.paid' ? { amount: data.object.amount_paid, currency: data.object.currency } : undefined;
    }
    case 'webhook-inbox.partner':
      return await readPayload(event, { documents, s3 });
  }
}

async function addToTotal(event: PaymentEvent, { amount, currency }: Payment): Promise<void> {
  const guard = once(event, { table: PROCESSED_TABLE });
  const total = {
    TableName: TOTALS_TABLE,
    Key: { id: currency },
    UpdateExpression: 'ADD amount :amount',
    ExpressionAttributeValues: { ':amount': amount },
  };
  try {
    await documents.transactWrite({ TransactItems: [{ Put: guard.put }, { Update: total }] });
  } catch (error) {
    if (!guard.isDuplicate(error)) throw error;
  }
}
