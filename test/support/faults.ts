import type { ServerResponse } from 'node:http';
import type { StoppedDeadlines } from './deadlines.ts';
import type { Behaviour } from './faulty-server.ts';

/** A fault that replaces the answer to a request. */
type Fault = (response: ServerResponse) => void;

const JSON_TYPE = { 'Content-Type': 'application/x-amz-json-1.0' };

/** An error in the protocol of DynamoDB and Secrets Manager. */
export function failWith(status: number, type: string, headers: Readonly<Record<string, string>> = {}): Fault {
  const body = JSON.stringify({ __type: `com.amazonaws.test#${type}`, message: 'in the words of a test' });
  return (response) => void response.writeHead(status, { ...JSON_TYPE, ...headers }).end(body);
}

/** The server never answers, and the connection stays open. */
export const neverAnswers: Fault = () => undefined;

/** The answer stops after its first byte. */
const hangsInItsAnswer: Fault = (response) => {
  response.writeHead(200, { ...JSON_TYPE, 'Content-Length': 1_000 }).write('{');
};

/** The answer arrives byte by byte, for longer than any client waits. */
const trickles: Fault = (response) => {
  response.writeHead(200, { ...JSON_TYPE, 'Content-Length': 1_000 });
  const timer = setInterval(() => (response.destroyed ? clearInterval(timer) : response.write(' ')), 10);
};

/** The connection is closed without an answer. */
const hangsUp: Fault = (response) => void response.destroy();

/** The connection is reset without an answer. */
export const resets: Fault = (response) => void response.socket?.resetAndDestroy();

/** The connection is reset during the answer. */
const resetsInItsAnswer: Fault = (response) => {
  response.writeHead(200, { ...JSON_TYPE, 'Content-Length': 1_000 });
  response.write('{', () => response.socket?.resetAndDestroy());
};

const says = (status: number, body: string, headers: Readonly<Record<string, string>> = {}): Fault => {
  return (response) => void response.writeHead(status, { ...JSON_TYPE, ...headers }).end(body);
};

/** Faults that outlast every delivery: only its deadline ends the wait. */
export const STALLS: Readonly<Record<string, Fault>> = {
  'never answers': neverAnswers,
  'stops in the middle of its answer': hangsInItsAnswer,
  'sends its answer byte by byte': trickles,
  'throttles and asks for a wait of three seconds': failWith(400, 'ThrottlingException', { 'Retry-After': '3' }),
  'is unavailable for three seconds': failWith(503, 'ServiceUnavailable', { 'x-amz-retry-after': '3000' }),
};

/** What an AWS endpoint, or a proxy in front of it, may do instead of answering. Each makes a request fail. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  ...STALLS,
  'closes the connection': hangsUp,
  'resets the connection': resets,
  'resets the connection during its answer': resetsInItsAnswer,
  'has an internal error': failWith(500, 'InternalServerError'),
  'is unavailable': failWith(503, 'ServiceUnavailable'),
  'throttles one table': failWith(400, 'ProvisionedThroughputExceededException'),
  throttles: failWith(400, 'ThrottlingException'),
  'throttles the account': failWith(400, 'RequestLimitExceeded'),
  'denies access': failWith(400, 'AccessDeniedException'),
  'does not know the caller': failWith(400, 'UnrecognizedClientException'),
  'finds the credentials expired': failWith(400, 'ExpiredTokenException'),
  'finds the signature expired': failWith(400, 'InvalidSignatureException'),
  'answers with text that is not JSON': says(200, 'OK'),
  'answers with truncated JSON': says(200, '{"Attributes":{"id":{"S":"par'),
  'answers 200 with HTML': says(200, '<html><body>Sign in to the network</body></html>', {
    'Content-Type': 'text/html',
  }),
  'answers 502 with HTML': says(502, '<html><body>Bad Gateway</body></html>', { 'Content-Type': 'text/html' }),
  'answers 500 with an empty body': says(500, ''),
  redirects: says(307, '', { Location: 'http://127.0.0.1:1/' }),
};

const stalls = new Set(Object.values(STALLS));

/** The fault; if it is a stall, the deadlines pass once it has struck. */
export function endedBy(deadlines: StoppedDeadlines, fault: Fault): Fault {
  if (!stalls.has(fault)) return fault;
  return (response) => {
    fault(response);
    deadlines.pass();
  };
}

/** The server handles the request, and the fault replaces the answer. */
export function afterwards(fault: Fault): Behaviour {
  return async (response, _attempt, pass) => {
    await pass();
    fault(response);
  };
}

/** The fault strikes the first attempt of each call; the SDK's second attempt succeeds. */
export function once(behaviour: Behaviour): Behaviour {
  return async (response, attempt, pass) => {
    const isFirst = String(response.req.headers['amz-sdk-request']).startsWith('attempt=1;');
    return isFirst ? behaviour(response, attempt, pass) : (await pass())();
  };
}
