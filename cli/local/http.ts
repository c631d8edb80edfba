import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Server } from 'node:net';

/** The loopback interface: other machines cannot connect to it. */
export const LOOPBACK = '127.0.0.1';

/**
 * Makes a server listen on the loopback interface.
 * @param port 0 takes any free port
 * @returns the server's URL
 * @throws {NodeJS.ErrnoException} `EADDRINUSE` if the port is in use
 */
export async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  return `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`;
}

/**
 * Reads the body of a request to its end, also if it is too large, so that the client reads the response.
 * @returns undefined if the body is larger than `maxBytes`
 */
export async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= maxBytes) chunks.push(chunk);
  }
  return size <= maxBytes ? Buffer.concat(chunks) : undefined;
}
