import middy, { type MiddlewareObj, type Request } from '@middy/core';
import type { APIGatewayProxyResult, Context } from 'aws-lambda';
import type { Answered } from './delivery.ts';

/** What a middleware returns: what it adds to the delivery, or the response that ends the chain early. */
export type Added<Adds> = Adds | Answered;

/** A step of the chain. It throws a `Problem` to refuse a delivery. */
export interface Middleware<Needs, Adds> {
  /** @param delivery what API Gateway sent, and what earlier steps added */
  readonly before: (delivery: Needs) => Added<Adds> | Promise<Added<Adds>>;
}

/** A chain whose steps up to here have added `Has` to every delivery. */
export interface Chain<Opened, Has> {
  /** Appends a step. It compiles only where the steps before it have added what it needs. */
  readonly use: <Needs, Adds>(
    middleware: Has extends Needs ? Middleware<Needs, Adds> : never,
  ) => Chain<Opened, Has & Adds>;
  /** Ends the chain with what makes the response. */
  readonly respond: <Needs>(
    respond: Has extends Needs ? (delivery: Needs) => APIGatewayProxyResult : never,
  ) => (delivery: Opened, context: Context) => Promise<APIGatewayProxyResult>;
}

/** What surrounds the steps of a chain. */
export interface ChainOptions<Opened> {
  /** Turns what a step throws into a response. */
  readonly onError: NonNullable<MiddlewareObj<Opened, APIGatewayProxyResult>['onError']>;
  /** Runs once after every response, early ones and errors included. */
  readonly onEnd: (request: Request) => void;
}

/**
 * Opens a chain over middy whose order the compiler checks: verifying needs the body, and parsing needs a verified body,
 * so a chain that parses first does not compile.
 */
export function openChain<Opened extends object>({ onError, onEnd }: ChainOptions<Opened>): Chain<Opened, Opened> {
  const chain = middy<Opened, APIGatewayProxyResult>({ requestEnd: onEnd, timeoutEarlyInMillis: 0 }).onError(onError);
  const appendable = {
    use(middleware: Middleware<Opened, object>) {
      chain.before(async ({ event }) => responseOf(Object.assign(event, await middleware.before(event))));
      return appendable;
    },
    respond: (respond: (delivery: Opened) => APIGatewayProxyResult) => chain.handler(async (event) => respond(event)),
  };
  return appendable as unknown as Chain<Opened, Opened>;
}

/** middy ends the chain where a step returns a response. */
const responseOf = ({ answered }: Partial<Answered>) => answered;
