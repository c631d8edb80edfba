import { createHmac, timingSafeEqual } from 'node:crypto';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';

const { WEBHOOK_SECRET: secret = '' } = process.env;

/** The least work that refuses a forgery: one HMAC over the body, and a response in JSON. */
export async function handler(event: APIGatewayProxyEvent): Promise<APIGatewayProxyResult> {
  const expected = createHmac('sha256', secret)
    .update(Buffer.from(event.body ?? '', 'base64'))
    .digest();
  const given = Buffer.from((event.headers['X-Signature'] ?? '').slice('sha256='.length), 'hex');
  const isForged = given.length !== expected.length || !timingSafeEqual(given, expected);
  const body = JSON.stringify({ error: isForged ? 'invalid signature' : 'not found' });
  return { statusCode: isForged ? 401 : 404, headers: { 'Content-Type': 'application/json' }, body };
}
