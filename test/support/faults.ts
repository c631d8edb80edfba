import type { ServerResponse } from 'node:http';
import type { StoppedDeadlines } from './deadlines.ts';
import type { Behaviour } from './faulty-server.ts';

/** A fault that needs nothing but the place of the answer. */
type Fault = (response: ServerResponse) => void;

const JSON_TYPE = { 'Content-Type': 'application/x-amz-json-1.0' };

/** An error in the protocol of DynamoDB and Secrets Manager. */
export function failWith(status: number, type: string, headers: Readonly<Record<string, string>> = {}): Fault {
  const body = JSON.stringify({ __type: `com.amazonaws.test#${type}`, message: 'in the words of a test' });
  return (response) => void response.writeHead(status, { ...JSON_TYPE, ...headers }).end(body);
}

/** Nothing comes, and the connection stays. */
export const neverAnswers: Fault = () => undefined;

/** The answer begins, and does not go on. */
const hangsInItsAnswer: Fault = (response) => {
  response.writeHead(200, { ...JSON_TYPE, 'Content-Length': 1_000 }).write('{');
};

/** A byte now and then, for longer than anyone waits. */
const trickles: Fault = (response) => {
  response.writeHead(200, { ...JSON_TYPE, 'Content-Length': 1_000 });
  const timer = setInterval(() => (response.destroyed ? clearInterval(timer) : response.write(' ')), 10);
};

/** The connection is closed in good order, with no answer. */
const hangsUp: Fault = (response) => void response.destroy();

/** The connection is reset, with no answer. */
export const resets: Fault = (response) => void response.socket?.resetAndDestroy();

/** The connection is reset after half of the answer. */
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
  'hangs in its answer': hangsInItsAnswer,
  'trickles its answer': trickles,
  'throttles, and asks for three seconds': failWith(400, 'ThrottlingException', { 'Retry-After': '3' }),
  'is unavailable for three seconds': failWith(503, 'ServiceUnavailable', { 'x-amz-retry-after': '3000' }),
};

/** What an AWS endpoint, or a proxy in front of it, may do instead of answering. Each makes a request fail. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  ...STALLS,
  'hangs up': hangsUp,
  'resets the connection': resets,
  'resets the connection in its answer': resetsInItsAnswer,
  'has an internal error': failWith(500, 'InternalServerError'),
  'is unavailable': failWith(503, 'ServiceUnavailable'),
  'throttles the table': failWith(400, 'ProvisionedThroughputExceededException'),
  throttles: failWith(400, 'ThrottlingException'),
  'throttles the account': failWith(400, 'RequestLimitExceeded'),
  'denies access': failWith(400, 'AccessDeniedException'),
  'does not know the caller': failWith(400, 'UnrecognizedClientException'),
  'finds the credentials expired': failWith(400, 'ExpiredTokenException'),
  'finds the signature expired': failWith(400, 'InvalidSignatureException'),
  'says what is not JSON': says(200, 'OK'),
  'says JSON that is cut off': says(200, '{"Attributes":{"id":{"S":"par'),
  'says HTML': says(200, '<html><body>Sign in to the network</body></html>', { 'Content-Type': 'text/html' }),
  'fails in HTML': says(502, '<html><body>Bad Gateway</body></html>', { 'Content-Type': 'text/html' }),
  'fails without a word': says(500, ''),
  'sends elsewhere': says(307, '', { Location: 'http://127.0.0.1:1/' }),
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

/** The request is done, and then the fault is all that is seen of it. */
export function afterwards(fault: Fault): Behaviour {
  return async (response, _attempt, pass) => {
    await pass();
    fault(response);
  };
}

/** The fault is for the first attempt of each call; the SDK's second attempt gets through. */
export function once(behaviour: Behaviour): Behaviour {
  return async (response, attempt, pass) => {
    const isFirst = String(response.req.headers['amz-sdk-request']).startsWith('attempt=1;');
    return isFirst ? behaviour(response, attempt, pass) : (await pass())();
  };
}
