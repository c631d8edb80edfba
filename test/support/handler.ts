import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { listen, readBytes } from '../../cli/local/http.ts';

/** A request that a handler got. */
export interface HandledRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** A handler on this machine, which keeps what it gets. */
export interface Handler extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly HandledRequest[];
  /** Waits until it has got so many requests. */
  readonly got: (count: number) => Promise<readonly HandledRequest[]>;
}

/**
 * Starts it.
 * @param statusOf the status of each answer. @default - 200
 * @param port @default - any free port
 */
export async function startHandler(
  statusOf: (request: HandledRequest) => number | Promise<number> = () => 200,
  port = 0,
): Promise<Handler> {
  const requests: HandledRequest[] = [];
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const handled = { method, url, headers, body: (await readBytes(request, 16_000_000)) ?? Buffer.alloc(0) };
    response.writeHead(await statusOf(handled)).end();
    requests.push(handled);
    server.emit('handled');
  });
  return {
    url: await listen(server, port),
    requests,
    async got(count) {
      while (requests.length < count) await once(server, 'handled');
      return requests;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Starts a handler that closes every connection on which it gets a request, without an answer. */
export async function startClosing(): Promise<Pick<Handler, 'url'> & AsyncDisposable> {
  const server = createServer((request) => request.socket.destroy());
  return {
    url: await listen(server, 0),
    async [Symbol.asyncDispose]() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
