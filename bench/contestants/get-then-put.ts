import { createHmac, timingSafeEqual } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

// A common example, with its weaknesses: it validates the body before it verifies the signature, verifies the signature
// over JSON that it serialised again, processes two concurrent deliveries twice, and builds a client for every request.

const { WEBHOOK_SECRET: secret = '', TABLE_NAME: tableName } = process.env;

/** Reads the event's item, and puts it if there is none. */
export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const payload = JSON.parse(Buffer.from(event.body ?? '', 'base64').toString());
  if (!isValid(payload)) return json(400, { detail: 'Invalid payload' });
  const expected = `sha256=${createHmac('sha256', secret).update(JSON.stringify(payload)).digest('hex')}`;
  if (!isEqual(event.headers['X-Signature'] ?? '', expected)) return json(401, { detail: 'Invalid signature' });
  const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const Key = { id: payload.event_id };
  try {
    const { Item } = await table.send(new GetCommand({ TableName: tableName, Key }));
    if (Item) return json(200, { status: 'duplicate', event_id: payload.event_id });
    await table.send(new PutCommand({ TableName: tableName, Item: { ...Key, ...payload } }));
    return json(200, { status: 'processed', event_id: payload.event_id });
  } catch (error) {
    return json(500, { detail: String(error) });
  } finally {
    table.destroy();
  }
}

function isValid({ event_id, user_id, action, timestamp }: Record<string, unknown>): boolean {
  return isText(event_id, 64) && isText(user_id, 64) && isText(action, 32) && Number.isInteger(timestamp);
}

function isText(value: unknown, max: number): boolean {
  return typeof value === 'string' && value.length >= 1 && value.length <= max;
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function json(statusCode: number, body: object): APIGatewayProxyResult {
  return { statusCode, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}
