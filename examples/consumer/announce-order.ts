import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import type { Context } from 'aws-lambda';
import { type InboxEvent, once, readPayload } from 'webhook-inbox/consumer';
import type { Order } from './sources.ts';

const { PROCESSED_TABLE = '', CHAT_URL = '' } = process.env;
const documents = DynamoDBDocument.from(new DynamoDB());
const s3 = new S3();

/** Announces each order of the partner in a chat, which no transaction covers. */
export async function handler(event: InboxEvent<'generic', Order>, context: Context): Promise<void> {
  const guard = once(event, { table: PROCESSED_TABLE, consumer: 'announce-order' });
  const leaseSeconds = context.getRemainingTimeInMillis() / 1000;
  await guard.run({ documents, leaseSeconds }, () => announce(event));
}

async function announce(event: InboxEvent<'generic', Order>): Promise<void> {
  const { amount, currency } = await readPayload(event, { documents, s3 });
  const response = await fetch(CHAT_URL, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': event.detail.id },
    body: JSON.stringify({ text: `${event.detail.data.user_id} has paid ${amount} ${currency}` }),
  });
  if (!response.ok) throw new Error(`The chat responded with ${response.status}.`);
}
