import { DynamoDB } from '@aws-sdk/client-dynamodb';
import { S3 } from '@aws-sdk/client-s3';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type InboxEvent, parseSqsRecord, readPayload } from 'webhook-inbox/consumer';

const documents = DynamoDBDocument.from(new DynamoDB());
const s3 = new S3();

/** The part of an invoice that this function reads. With the package `stripe`, it is `Stripe.Event`. */
interface InvoiceEvent {
  readonly data: { readonly object: { readonly id: string; readonly status: string | null } };
}

/** Logs each invoice. An event may come more than once: `once` of webhook-inbox/consumer guards against that. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const failed: SQSBatchResponse['batchItemFailures'] = [];
  for (const record of Records) {
    try {
      const event = parseSqsRecord<InboxEvent<'stripe', InvoiceEvent>>(record);
      const { data } = await readPayload(event, { documents, s3 });
      console.log(JSON.stringify({ event: event.detail.id, invoice: data.object.id, status: data.object.status }));
    } catch (error) {
      console.error(error);
      failed.push({ itemIdentifier: record.messageId });
    }
  }
  return { batchItemFailures: failed };
}
