import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { APIGatewayProxyEvent, APIGatewayProxyResult, Context } from 'aws-lambda';
import { problemDocument } from '../../lambda/receiver/problem.ts';
import type { ReceiverFunction } from '../../lambda/receiver/receiver.ts';
import type { Report } from '../../lambda/telemetry/delivery-report.ts';
import type { ServePage } from '../deliveries/local/serve-deliveries.ts';
import { forbiddenReport, forbiddenResult } from './forbidden.ts';
import { LOOPBACK, listen, readBytes } from './http.ts';
import { isOwnRequest } from './own-requests.ts';

/** The largest body that API Gateway accepts, in bytes. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** Headers that API Gateway does not forward. */
const NOT_FORWARDED = new Set([
  'connection',
  'content-length',
  'content-md5',
  'expect',
  'max-forwards',
  'proxy-authenticate',
  'server',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'www-authenticate',
]);

/** A running HTTP front, which calls a function as API Gateway's REST API does. */
export interface ApiGateway {
  readonly url: string;
  /** Refuses new requests, and waits for those in flight. */
  readonly stop: () => Promise<void>;
}

/** Options of the HTTP front. */
export interface ApiGatewayOptions {
  /** The base URL of a tunnel to this server. @default - none */
  readonly publicUrl?: string | undefined;
  /** Called after a request that does not reach the function, because it is for another host or from another site. */
  readonly report?: Report;
  /** Answers requests to this server itself that are not for the function. @default - none */
  readonly servePage?: ServePage | undefined;
}

/**
 * Starts the HTTP front on the loopback interface. Providers may post to webhooks under any host name, because the
 * signature decides. All else needs the server's own host and origin.
 * @param port 0 takes any free port
 * @throws {NodeJS.ErrnoException} `EADDRINUSE` if the port is in use
 */
export async function startApiGateway(
  receive: ReceiverFunction,
  port: number,
  options: ApiGatewayOptions = {},
): Promise<ApiGateway> {
  const server = createServer((request, response) => {
    // A connection that is kept open would delay the end.
    response.once('finish', () => server.listening || setImmediate(() => server.closeIdleConnections()));
    if (!mayPass(request, options)) return refuse(request, response, options);
    if (options.servePage?.(request, response)) return;
    serve(receive, request, response).catch(() => response.destroy());
  });
  const url = await listen(server, port);
  return { url, stop: () => finish(server) };
}

async function finish(server: Server): Promise<void> {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeIdleConnections();
  await closed;
}

/** A provider's handshake by GET or HEAD comes through the tunnel too. */
function mayPass(request: IncomingMessage, { publicUrl }: ApiGatewayOptions): boolean {
  const isForWebhook = request.url?.startsWith('/webhooks/') ?? false;
  if (isForWebhook && request.method === 'POST') return true;
  return isOwnRequest(request, isForWebhook ? publicUrl : undefined);
}

function refuse(request: IncomingMessage, response: ServerResponse, { report }: ApiGatewayOptions): void {
  const requestId = randomUUID();
  send(response, forbiddenResult(requestId), requestId);
  report?.(forbiddenReport(request, requestId));
}

async function serve(receive: ReceiverFunction, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const requestId = randomUUID();
  const body = await readBytes(request, MAX_BODY_BYTES);
  const result = body
    ? await receive(proxyEvent(request, body, requestId), lambdaContext(requestId))
    : tooLarge(requestId);
  send(response, result, requestId);
}

/** The stack's gateway response to a body that is too large. */
function tooLarge(requestId: string): APIGatewayProxyResult {
  const problem = problemDocument('payload_too_large', requestId);
  return {
    statusCode: problem.status,
    headers: { 'Content-Type': 'application/problem+json' },
    body: JSON.stringify(problem),
  };
}

function send(response: ServerResponse, result: APIGatewayProxyResult, requestId: string): void {
  const body = Buffer.from(result.body, result.isBase64Encoded ? 'base64' : 'utf8');
  response.writeHead(result.statusCode, {
    'x-amzn-RequestId': requestId,
    ...(result.headers as Record<string, string>),
    'Content-Length': body.length,
  });
  response.end(body);
}

/**
 * The event of a Lambda proxy integration of a REST API that takes every media type as binary.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function proxyEvent(request: IncomingMessage, body: Buffer, requestId: string): APIGatewayProxyEvent {
  const [path = '/', ...query] = (request.url ?? '/').split('?');
  const multiValueHeaders = headersOf(request);
  const parameters = multiValues(new URLSearchParams(query.join('?')));
  const sourceIp = request.socket.remoteAddress ?? LOOPBACK;
  const { resource, pathParameters } = routeOf(path);
  return {
    resource,
    path,
    httpMethod: request.method ?? 'GET',
    headers: lastValues(multiValueHeaders) ?? {},
    multiValueHeaders,
    queryStringParameters: lastValues(parameters),
    multiValueQueryStringParameters: parameters,
    pathParameters,
    stageVariables: null,
    requestContext: requestContext(request, { path, resource }, requestId, sourceIp),
    body: body.length > 0 ? body.toString('base64') : null,
    isBase64Encoded: body.length > 0,
  };
}

/**
 * The resource that a path matches, as in an API whose sources have neither throttles nor allow-lists. A deployed API
 * itself answers other paths, with the response that the receiver gives to them here.
 */
function routeOf(path: string): Pick<APIGatewayProxyEvent, 'resource' | 'pathParameters'> {
  const source = /^\/webhooks\/([^/]+)$/.exec(path)?.[1];
  return source
    ? { resource: '/webhooks/{source}', pathParameters: { source } }
    : { resource: path, pathParameters: null };
}

function requestContext(
  request: IncomingMessage,
  { path, resource }: Readonly<Record<'path' | 'resource', string>>,
  requestId: string,
  sourceIp: string,
): APIGatewayProxyEvent['requestContext'] {
  const now = new Date();
  return {
    accountId: '000000000000',
    apiId: 'local',
    authorizer: null,
    domainName: LOOPBACK,
    domainPrefix: 'local',
    extendedRequestId: requestId,
    httpMethod: request.method ?? 'GET',
    identity: { ...ANONYMOUS, sourceIp, userAgent: request.headers['user-agent'] ?? null },
    path: `/local${path}`,
    protocol: `HTTP/${request.httpVersion}`,
    requestId,
    requestTime: now.toUTCString(),
    requestTimeEpoch: now.getTime(),
    resourceId: 'local',
    resourcePath: resource,
    stage: 'local',
  };
}

/** The identity of a caller without AWS credentials. */
const ANONYMOUS = {
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
  user: null,
  userArn: null,
};

/** All values of each header, under the first spelling of its name. */
function headersOf({ rawHeaders }: IncomingMessage): Record<string, string[]> {
  const headers = new Map<string, [spelling: string, values: string[]]>();
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const [name = '', value = ''] = rawHeaders.slice(index, index + 2);
    const key = name.toLowerCase();
    if (NOT_FORWARDED.has(key)) continue;
    const [, values] = headers.get(key) ?? [];
    if (values) values.push(value);
    else headers.set(key, [name, [value]]);
  }
  return Object.fromEntries(headers.values());
}

function multiValues(query: URLSearchParams): Record<string, string[]> | null {
  const byName = Map.groupBy(query, ([name]) => name);
  const entries = Array.from(byName, ([name, pairs]) => [name, pairs.map(([, value]) => value)] as const);
  return entries.length > 0 ? Object.fromEntries(entries) : null;
}

function lastValues(multi: Record<string, string[]> | null): Record<string, string> | null {
  return multi && Object.fromEntries(Object.entries(multi).map(([name, values]) => [name, values.at(-1) ?? '']));
}

function lambdaContext(requestId: string): Context {
  return {
    awsRequestId: requestId,
    callbackWaitsForEmptyEventLoop: false,
    functionName: 'local',
    functionVersion: '$LATEST',
    invokedFunctionArn: 'arn:aws:lambda:local:000000000000:function:local',
    logGroupName: 'local',
    logStreamName: 'local',
    memoryLimitInMB: '1024',
    getRemainingTimeInMillis: () => 10_000,
    done() {},
    fail() {},
    succeed() {},
  };
}
