import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { listen, readBytes } from '../../cli/local/http.ts';

/**
 * The handling of a request after all of it arrived.
 * @param attempt counts from 1
 * @param pass forwards the request. @returns a function that sends back the answer
 */
export type Behaviour = (
  response: ServerResponse,
  attempt: number,
  pass: () => Promise<() => void>,
) => Promise<void> | void;

/** A server on loopback in the place of DynamoDB or Secrets Manager, or in front of an embedded one. */
export interface FaultyServer extends AsyncDisposable {
  readonly endpoint: string;
  /** The handling of requests from now on. */
  behaviour: Behaviour;
  /** The number of open connections. */
  readonly connections: () => Promise<number>;
  /** Refuses connections until `accept` is called. */
  readonly refuse: () => Promise<void>;
  readonly accept: () => Promise<void>;
}

/** No misbehaviour: passes on the answer of the server behind. */
export const passOn: Behaviour = async (_response, _attempt, pass) => (await pass())();

/**
 * Starts a server that misbehaves as the test sets it.
 * @param behind endpoint of the server that requests are passed on to
 */
export async function startFaultyServer(behaviour: Behaviour, behind = ''): Promise<FaultyServer> {
  let attempts = 0;
  const server = createServer((request, response) => {
    attempts += 1;
    serve(request, response, attempts).catch(() => response.destroy());
  });
  const endpoint = await listen(server, 0);

  async function serve(request: IncomingMessage, response: ServerResponse, attempt: number): Promise<void> {
    const body = await readBytes(request, 1_000_000);
    await faulty.behaviour(response, attempt, () => forward(behind, request, body, response));
  }

  async function refuse(): Promise<void> {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  const faulty: FaultyServer = {
    endpoint,
    behaviour,
    connections: () => promisify(server.getConnections.bind(server))(),
    refuse,
    async accept() {
      await listen(server, Number(new URL(endpoint).port));
    },
    [Symbol.asyncDispose]: refuse,
  };
  return faulty;
}

async function forward(endpoint: string, request: IncomingMessage, body: Buffer | undefined, response: ServerResponse) {
  const { host, connection, 'content-length': length, ...rest } = request.headers;
  const headers = Object.entries(rest).map(([name, value]): [string, string] => [name, String(value)]);
  const answer = await fetch(endpoint, { method: 'POST', headers, body: body ?? null });
  const text = await answer.text();
  return () => void response.writeHead(answer.status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(text);
}
