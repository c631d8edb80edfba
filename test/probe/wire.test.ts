import { createServer, type Socket } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { listen } from '../../cli/local/http.ts';
import { exchange, exchangeBytes, MAX_RESPONSE_BYTES, type WireResponse } from '../../probe/wire.ts';

/** A server that handles each connection once the request begins to arrive. */
async function startServer(handle: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('data', () => handle(socket));
  });
  const url = new URL(await listen(server, 0));
  return {
    url,
    /** Waits until the client has closed every connection. */
    closed: () => Promise.all([...sockets].map(closedByPeer)),
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const closedByPeer = (socket: Socket) =>
  new Promise<void>((resolve) => (socket.destroyed ? resolve() : socket.once('close', () => resolve())));

const REQUEST = { method: 'POST', path: '/', headers: [], body: Buffer.from('{}') };

/** Both ways to send a request. */
const WAYS: readonly (readonly [string, (url: URL, deadline: AbortSignal) => Promise<WireResponse>])[] = [
  ['an HTTP client', (url, deadline) => exchange(url, REQUEST, deadline)],
  ['raw bytes', (url, deadline) => exchangeBytes(url, Buffer.from('POST / HTTP/1.1\r\nHost: a\r\n\r\n'), deadline)],
];

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n';

describe.each(WAYS)('An exchange by %s', (_, send) => {
  /** A deadline that passes when the server says so, and not by the clock. */
  const stoppedDeadline = () => new AbortController();

  it('returns the whole response of an endpoint that ends it', async () => {
    await using server = await startServer((socket) => socket.end(`${HEAD}done`));
    const { status, headers, text, failure } = await send(server.url, stoppedDeadline().signal);
    expect({ status, headers, text, failure }).toEqual({
      status: 200,
      headers: [['Content-Type', 'text/plain']],
      text: 'done',
      failure: undefined,
    });
  });

  it('ends at its deadline if no response arrives', async () => {
    const deadline = stoppedDeadline();
    await using server = await startServer(() => deadline.abort());
    expect(await send(server.url, deadline.signal)).toMatchObject({
      status: undefined,
      failure: 'no response in time',
    });
    await server.closed();
  });

  it('ends at its deadline if the headers drip', async () => {
    const deadline = stoppedDeadline();
    await using server = await startServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nX-A: ');
      drip(socket, () => deadline.abort());
    });
    const { failure } = await send(server.url, deadline.signal);
    expect(failure).toMatch(/in time$/);
    await server.closed();
  });

  it('ends at its deadline if the body drips, with what has arrived', async () => {
    const deadline = stoppedDeadline();
    await using server = await startServer((socket) => {
      socket.write(HEAD);
      drip(socket, () => deadline.abort());
    });
    const { status, text, failure } = await send(server.url, deadline.signal);
    expect({ status, failure }).toEqual({ status: 200, failure: 'the rest did not arrive in time' });
    expect(text).toMatch(/^a*$/);
    await server.closed();
  });

  it(`reads no more than ${MAX_RESPONSE_BYTES} bytes of a response without an end`, async () => {
    await using server = await startServer((socket) => {
      const more = () => void (socket.destroyed || socket.write('a'.repeat(50_000), more));
      socket.write(HEAD, more);
    });
    const { status, text } = await send(server.url, stoppedDeadline().signal);
    expect(status).toBe(200);
    expect(text).toMatch(/^a+$/);
    expect(text.length).toBeLessThanOrEqual(MAX_RESPONSE_BYTES);
    await server.closed();
  });
});

/** Sends a byte each time that the one before it was sent, and reports when a few were. */
function drip(socket: Socket, onFew: () => void, sent = 0): void {
  if (sent === 20) onFew();
  if (!socket.destroyed) socket.write('a', () => setImmediate(drip, socket, onFew, sent + 1));
}
