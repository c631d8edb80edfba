import { createHmac, timingSafeEqual } from 'node:crypto';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { z } from 'zod';

// The same job with Powertools' idempotency and zod, as their documentation shows it, without logs and metrics.

const { WEBHOOK_SECRET: secret = '', TABLE_NAME: tableName, IDEMPOTENCY_TABLE_NAME = '' } = process.env;

const RETENTION_SECONDS = 30 * 24 * 3600;

const Event = z.object({
  event_id: z.string().min(1).max(64),
  user_id: z.string().min(1).max(64),
  action: z.string().min(1).max(32),
  timestamp: z.int(),
});

const client = new DynamoDBClient({});
const documents = DynamoDBDocumentClient.from(client);

interface StoreInput {
  readonly event: z.infer<typeof Event>;
  readonly payload: string;
}

const config = new IdempotencyConfig({
  eventKeyJmesPath: 'event.event_id',
  throwOnNoIdempotencyKey: true,
  expiresAfterSeconds: RETENTION_SECONDS,
  responseHook: (response) => ({ ...(response as object), status: 'duplicate' }),
});

const store = makeIdempotent(
  async ({ event, payload }: StoreInput) => {
    const now = Date.now();
    const { event_id, ...data } = event;
    await documents.send(
      new PutCommand({
        TableName: tableName,
        Item: {
          id: `partner#${event_id}`,
          event_id,
          received_at: new Date(now).toISOString(),
          expires_at: Math.floor(now / 1000) + RETENTION_SECONDS,
          data,
          payload,
        },
      }),
    );
    return { status: 'processed', event_id };
  },
  {
    persistenceStore: new DynamoDBPersistenceLayer({ tableName: IDEMPOTENCY_TABLE_NAME, awsSdkV3Client: client }),
    config,
  },
);

/** Verifies the signature, validates the event, and stores it idempotently. */
export async function handler(event: APIGatewayProxyEvent, context: Context): Promise<APIGatewayProxyResult> {
  config.registerLambdaContext(context);
  const body = Buffer.from(event.body ?? '', 'base64');
  if (!isSigned(body, event.headers['X-Signature'] ?? '')) return json(401, { error: 'invalid signature' });
  const parsed = Event.safeParse(JSON.parse(body.toString()));
  if (!parsed.success) return json(422, { error: 'invalid event' });
  try {
    return json(200, await store({ event: parsed.data, payload: body.toString() }));
  } catch {
    return json(503, { error: 'try again' });
  }
}

function isSigned(body: Buffer, signature: string): boolean {
  const given = Buffer.from(signature);
  const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function json(statusCode: number, body: unknown): APIGatewayProxyResult {
  return { statusCode, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}
