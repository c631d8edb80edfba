import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

// The least work that stores an event, without a library. Do not deploy it.

const {
  WEBHOOK_SECRET: secret = '',
  TABLE_NAME: tableName,
  AWS_REGION: region = '',
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_SESSION_TOKEN: sessionToken,
  AWS_ENDPOINT_URL_DYNAMODB: endpoint = `https://dynamodb.${region}.amazonaws.com`,
} = process.env;
const { host } = new URL(endpoint);

/** Verifies and parses an event, and stores it with one signed `fetch`. */
export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const body = Buffer.from(event.body ?? '', 'base64');
  const expected = `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
  if (!isEqual(event.headers['X-Signature'] ?? '', expected)) return json(401, { error: 'invalid signature' });
  const { event_id: eventId } = JSON.parse(body.toString());
  const response = await put(eventId, body.toString());
  if (response.ok) return json(200, { status: 'processed', event_id: eventId });
  const isDuplicate = (await response.text()).includes('ConditionalCheckFailedException');
  return isDuplicate ? json(200, { status: 'duplicate', event_id: eventId }) : json(503, { error: 'try again' });
}

function isEqual(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function json(statusCode: number, body: object): APIGatewayProxyResult {
  return { statusCode, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

const RETENTION_SECONDS = 30 * 24 * 3600;

function put(eventId: string, payload: string): Promise<Response> {
  const now = new Date();
  const seconds = Math.floor(now.getTime() / 1000);
  const request = JSON.stringify({
    TableName: tableName,
    Item: {
      id: { S: `partner#${eventId}` },
      event_id: { S: eventId },
      received_at: { S: now.toISOString() },
      expires_at: { N: String(seconds + RETENTION_SECONDS) },
      payload: { S: payload },
    },
    ConditionExpression: 'attribute_not_exists(id) OR expires_at < :now',
    ExpressionAttributeValues: { ':now': { N: String(seconds) } },
  });
  return fetch(endpoint, { method: 'POST', headers: signedHeaders(request, now), body: request });
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const mac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/create-signed-request.html */
function signedHeaders(body: string, now: Date): Record<string, string> {
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const headers: Record<string, string> = {
    'content-type': 'application/x-amz-json-1.0',
    host,
    'x-amz-date': time,
    ...(sessionToken && { 'x-amz-security-token': sessionToken }),
    'x-amz-target': 'DynamoDB_20120810.PutItem',
  };
  const names = Object.keys(headers).join(';');
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const canonical = ['POST', '/', '', lines.join(''), names, sha256(body)].join('\n');
  const scope = `${day}/${region}/dynamodb/aws4_request`;
  const signature = mac(signingKey(day), ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n'));
  const credential = `Credential=${accessKeyId}/${scope}`;
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature.toString('hex')}`,
  };
}

let cached = { day: '', key: Buffer.alloc(0) };

/** Signing keys are valid for one day. */
function signingKey(day: string): Buffer {
  if (cached.day !== day) {
    const key = [day, region, 'dynamodb', 'aws4_request'].reduce<string | Buffer>(mac, `AWS4${secretAccessKey}`);
    cached = { day, key: Buffer.from(key) };
  }
  return cached.key;
}
