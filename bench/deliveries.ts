import { createHmac, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { proxyEvent } from '../cli/local/api-gateway.ts';
import { SECRET } from './contestants.ts';
import { githubPush, stripeInvoice } from './payloads.ts';

const hmac = (content: string, key: string) => createHmac('sha256', key).update(content).digest('hex');

/** The JSON of an event in the format that every contestant accepts. */
export function genericEvent(id: string, more: object = {}): string {
  const timestamp = Math.floor(Date.now() / 1000);
  return JSON.stringify({ event_id: id, user_id: 'user_42', action: 'invoice.paid', timestamp, ...more });
}

/** The same with the payload of a GitHub push in it, about 14 KB. */
export const largeEvent = (id: string): string => genericEvent(id, { push: githubPush(id) });

/** A delivery of a body, signed with a secret. */
export function genericDelivery(body: string, secret = SECRET): APIGatewayProxyEvent {
  return delivery('partner', body, { 'X-Signature': `sha256=${hmac(body, secret)}` });
}

/** A delivery of a GitHub push. */
export function githubDelivery(id: string): APIGatewayProxyEvent {
  const body = JSON.stringify(githubPush(id));
  return delivery('github', body, {
    'X-GitHub-Event': 'push',
    'X-GitHub-Delivery': id,
    'X-Hub-Signature-256': `sha256=${hmac(body, SECRET)}`,
  });
}

/** A delivery of a paid Stripe invoice. */
export function stripeDelivery(id: string): APIGatewayProxyEvent {
  const time = Math.floor(Date.now() / 1000);
  const body = JSON.stringify(stripeInvoice(id, time), null, 2);
  return delivery('stripe', body, { 'Stripe-Signature': `t=${time},v1=${hmac(`${time}.${body}`, SECRET)}` });
}

/** Headers of every request to a REST API. */
const USUAL_HEADERS = {
  Accept: '*/*',
  'CloudFront-Forwarded-Proto': 'https',
  'CloudFront-Is-Desktop-Viewer': 'true',
  'CloudFront-Viewer-Country': 'US',
  'Content-Type': 'application/json',
  Host: 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com',
  'User-Agent': 'Hookshot/1.0',
  Via: '1.1 0123456789abcdef.cloudfront.net (CloudFront)',
  'X-Amz-Cf-Id': 'abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrst==',
  'X-Amzn-Trace-Id': 'Root=1-5759e988-bd862e3fe1be46a994272793',
  'X-Forwarded-For': '192.0.2.1, 198.51.100.1',
  'X-Forwarded-Port': '443',
  'X-Forwarded-Proto': 'https',
};

/** The proxy event of a POST of JSON. */
function delivery(source: string, body: string, signature: Readonly<Record<string, string>>): APIGatewayProxyEvent {
  const request = {
    method: 'POST',
    url: `/webhooks/${source}`,
    httpVersion: '1.1',
    headers: {},
    rawHeaders: Object.entries({ ...USUAL_HEADERS, ...signature }).flat(),
    socket: {},
  };
  return proxyEvent(request as unknown as IncomingMessage, Buffer.from(body), randomUUID());
}
