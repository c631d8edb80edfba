import { createHmac } from 'node:crypto';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { SECRET } from './contestants.ts';
import { githubPush, stripeInvoice } from './payloads.ts';

const hmac = (content: string, key: string) => createHmac('sha256', key).update(content).digest('hex');

/** An event of the contract that all contestants keep, in JSON. */
export function genericEvent(id: string, more: object = {}): string {
  const timestamp = Math.floor(Date.now() / 1000);
  return JSON.stringify({ event_id: id, user_id: 'user_42', action: 'invoice.paid', timestamp, ...more });
}

/** An event of that contract with as much in it as GitHub tells of a push. */
export const largeEvent = (id: string): string => genericEvent(id, { push: githubPush(id) });

/** A delivery of a body, signed by whoever has the secret. */
export function genericDelivery(body: string, secret = SECRET): APIGatewayProxyEvent {
  return delivery('partner', body, { 'X-Signature': `sha256=${hmac(body, secret)}` });
}

/** A push as GitHub delivers it. */
export function githubDelivery(id: string): APIGatewayProxyEvent {
  const body = JSON.stringify(githubPush(id));
  return delivery('github', body, {
    'X-GitHub-Event': 'push',
    'X-GitHub-Delivery': id,
    'X-Hub-Signature-256': `sha256=${hmac(body, SECRET)}`,
  });
}

/** A paid invoice as Stripe delivers it. */
export function stripeDelivery(id: string): APIGatewayProxyEvent {
  const time = Math.floor(Date.now() / 1000);
  const body = JSON.stringify(stripeInvoice(id, time), null, 2);
  return delivery('stripe', body, { 'Stripe-Signature': `t=${time},v1=${hmac(`${time}.${body}`, SECRET)}` });
}

/** What a REST API hands to a function for a POST of JSON. */
function delivery(source: string, body: string, signature: Readonly<Record<string, string>>): APIGatewayProxyEvent {
  const path = `/webhooks/${source}`;
  const headers = {
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
    ...signature,
  };
  return {
    resource: path,
    path,
    httpMethod: 'POST',
    headers,
    multiValueHeaders: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    pathParameters: null,
    stageVariables: null,
    requestContext: requestContext(path),
    body: Buffer.from(body).toString('base64'),
    isBase64Encoded: true,
  };
}

function requestContext(path: string): APIGatewayProxyEvent['requestContext'] {
  return {
    accountId: '123456789012',
    apiId: 'a1b2c3d4e5',
    authorizer: null,
    domainName: 'a1b2c3d4e5.execute-api.us-east-1.amazonaws.com',
    domainPrefix: 'a1b2c3d4e5',
    extendedRequestId: 'abcdEFGHijklMNO=',
    httpMethod: 'POST',
    identity: {
      accessKey: null,
      accountId: null,
      apiKey: null,
      apiKeyId: null,
      caller: null,
      clientCert: null,
      cognitoAuthenticationProvider: null,
      cognitoAuthenticationType: null,
      cognitoIdentityId: null,
      cognitoIdentityPoolId: null,
      principalOrgId: null,
      sourceIp: '192.0.2.1',
      user: null,
      userAgent: 'Hookshot/1.0',
      userArn: null,
    },
    path: `/prod${path}`,
    protocol: 'HTTP/1.1',
    requestId: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
    requestTime: '23/Nov/2026:12:00:00 +0000',
    requestTimeEpoch: 1_795_435_200_000,
    resourceId: 'abc123',
    resourcePath: path,
    stage: 'prod',
  };
}
