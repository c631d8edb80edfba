import { createServer, type IncomingHttpHeaders } from 'node:http';
import { CreateTableCommand } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Context, SQSRecord } from 'aws-lambda';
import type { InboxEvent } from 'webhook-inbox/consumer';
import { localClient } from '../../../cli/local/embedded-dynamodb.ts';
import { listen, readBytes } from '../../../cli/local/http.ts';
import type { Order } from '../../../examples/consumer/sources.ts';
import type { EventItem } from '../../../lambda/events/event-item.ts';
import { toBusEntry } from '../../../lambda/forwarder/bus-entry.ts';
import { busEvent } from '../../support/bus-event.ts';
import { eventJson, signed } from '../../support/generic-event.ts';
import { startInbox, TABLE_NAME, type TestInbox } from '../../support/inbox.ts';
import { storedItem } from '../../support/stream.ts';
import { startTransactions, type Transactions } from '../../support/transactions.ts';

let inbox: TestInbox;
let transactions: Transactions;
let documents: DynamoDBDocument;
let recordPayments: typeof import('../../../examples/consumer/record-payments.ts').handler;
let announceOrder: typeof import('../../../examples/consumer/announce-order.ts').handler;

/** A chat that records the calls that it gets. */
const chat = {
  status: 200,
  calls: [] as { readonly headers: IncomingHttpHeaders; readonly body: unknown }[],
  server: createServer(async (request, response) => {
    const body = JSON.parse(String(await readBytes(request, 10_000)));
    chat.calls.push({ headers: request.headers, body });
    response.writeHead(chat.status).end();
  }),
};

beforeAll(async () => {
  inbox = await startInbox();
  transactions = await startTransactions(inbox.dynamodb.endpoint);
  const client = localClient(transactions.endpoint);
  documents = DynamoDBDocument.from(client);
  for (const TableName of ['processed', 'totals']) {
    await client.send(
      new CreateTableCommand({
        TableName,
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
        BillingMode: 'PAY_PER_REQUEST',
      }),
    );
  }
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: transactions.endpoint,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    PROCESSED_TABLE: 'processed',
    TOTALS_TABLE: 'totals',
    CHAT_URL: await listen(chat.server, 0),
  });
  recordPayments = (await import('../../../examples/consumer/record-payments.ts')).handler;
  announceOrder = (await import('../../../examples/consumer/announce-order.ts')).handler;
});

afterAll(async () => {
  chat.server.close();
  await transactions[Symbol.asyncDispose]();
  await inbox[Symbol.asyncDispose]();
});

beforeEach(() => {
  chat.status = 200;
  chat.calls.length = 0;
});

const forwarded = <TEvent extends InboxEvent>(item: EventItem) =>
  busEvent<TEvent>(toBusEntry(item, { tableName: TABLE_NAME, payloadBucketName: 'payloads' }));

/** Delivers an order to the inbox, signed by the partner. @returns the event that is forwarded */
async function order(
  eventId: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<InboxEvent<'generic', Order>> {
  const body = eventJson({ event_id: eventId, action: 'order.paid', ...fields });
  expect(await inbox.post(signed(body))).toMatchObject({ status: 200 });
  const item = await inbox.item(`partner#${eventId}`);
  if (!item) throw new Error('The delivery was not stored.');
  return forwarded(unmarshall(item) as EventItem);
}

/** A record of SQS whose message has the body. */
const message = (messageId: string, body: string) => ({ messageId, body }) as SQSRecord;

const messages = (...events: readonly InboxEvent[]) => ({
  Records: events.map((event, index) => message(`message-${index}`, JSON.stringify(event))),
});

const total = async (currency: string) => (await documents.get({ TableName: 'totals', Key: { id: currency } })).Item;

describe('the sample consumer behind a queue', () => {
  it('adds each order of the partner to the total once, however often it arrives', async () => {
    const first = await order('order_1', { amount: 250, currency: 'eur' });
    const second = await order('order_2', { amount: 50, currency: 'eur' });
    expect(await recordPayments(messages(first, second, first))).toEqual({ batchItemFailures: [] });
    expect(await recordPayments(messages(second))).toEqual({ batchItemFailures: [] });
    expect(await total('eur')).toEqual({ id: 'eur', amount: 300 });
  });

  it('reads an order that is too large for the bus from the events table', async () => {
    const event = await order('order_3', { amount: 7, currency: 'sek', note: 'a long note '.repeat(100_000) });
    expect(event.detail).toMatchObject({ payload_omitted: true });
    expect(await recordPayments(messages(event))).toEqual({ batchItemFailures: [] });
    expect(await total('sek')).toMatchObject({ amount: 7 });
  });

  it("adds Stripe's paid invoices, and nothing else of Stripe", async () => {
    const stripe = (id: string, type: string) => {
      const payload = JSON.stringify({ id, type, data: { object: { amount_paid: 900, currency: 'usd' } } });
      return forwarded(storedItem({ id: `stripe-eu#${id}`, source: 'stripe-eu', provider: 'stripe', payload }));
    };
    await recordPayments(messages(stripe('evt_1', 'invoice.paid'), stripe('evt_2', 'invoice.voided')));
    expect(await total('usd')).toMatchObject({ amount: 900 });
  });

  it('leaves in the queue what fails, and only that', async () => {
    const logged = jest.spyOn(console, 'error').mockImplementation(() => undefined);
    const gone = await order('order_4', { amount: 1, currency: 'nok', note: 'a long note '.repeat(100_000) });
    await documents.delete({ TableName: TABLE_NAME, Key: { id: 'partner#order_4' } });
    const valid = message('valid', JSON.stringify(await order('order_5', { amount: 2, currency: 'nok' })));
    const records = [message('other', 'hello'), valid, message('gone', JSON.stringify(gone))];
    expect(await recordPayments({ Records: records })).toEqual({
      batchItemFailures: [{ itemIdentifier: 'other' }, { itemIdentifier: 'gone' }],
    });
    expect(logged.mock.calls.map(([reason]) => Object(reason).name)).toEqual(['Error', 'PayloadError']);
    expect(await total('nok')).toMatchObject({ amount: 2 });
    logged.mockRestore();
  });
});

describe('the sample consumer behind a rule', () => {
  const context = { getRemainingTimeInMillis: () => 30_000 } as Context;

  it('announces an order once, under a key that the chat can recognise', async () => {
    const event = await order('order_6', { amount: 3, currency: 'eur' });
    await announceOrder(event, context);
    await announceOrder(event, context);
    expect(chat.calls).toEqual([
      {
        headers: expect.objectContaining({ 'idempotency-key': 'partner#order_6' }),
        body: { text: 'user_42 has paid 3 eur' },
      },
    ]);
  });

  it('fails while the chat does, so that the event comes again', async () => {
    const event = await order('order_7', { amount: 4, currency: 'eur' });
    chat.status = 503;
    await expect(announceOrder(event, context)).rejects.toThrow('The chat responded with 503.');
    chat.status = 200;
    await announceOrder(event, context);
    expect(chat.calls).toHaveLength(2);
  });
});
