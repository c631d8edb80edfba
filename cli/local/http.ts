import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Server } from 'node:net';

/** The loopback interface: nothing of this is for other machines. */
export const LOOPBACK = '127.0.0.1';

/**
 * Listens on the loopback interface, and says where.
 * @param port 0 takes any free port
 * @throws {NodeJS.ErrnoException} `EADDRINUSE` where the port is taken
 */
export async function listen(server: Server, port: number): Promise<string> {
  server.listen(port, LOOPBACK);
  await once(server, 'listening');
  return `http://${LOOPBACK}:${(server.address() as AddressInfo).port}`;
}

/**
 * A request's body, or undefined where it is larger than `maxBytes`; it is read to its end all the same, so that the
 * caller gets to see the answer.
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
