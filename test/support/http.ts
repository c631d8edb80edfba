import { once } from 'node:events';
import { type IncomingHttpHeaders, type IncomingMessage, request } from 'node:http';

/** Headers as they are sent: in order, and each name as often as it is given. */
export type RawHeaders = readonly (readonly [name: string, value: string])[];

/** A request to send. */
export interface Outgoing {
  readonly method?: string;
  readonly headers?: RawHeaders;
  readonly body?: Buffer | string;
}

/** A response. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends one request over a new connection, with exactly these headers and bytes; the `Host` is the URL's unless given. */
export async function exchange(url: string, { method = 'POST', headers = [], body = '' }: Outgoing): Promise<Answer> {
  const { host, hostname, port } = new URL(url);
  const hasHost = headers.some(([name]) => name === 'Host');
  const own = [...(hasHost ? [] : [['Host', host]]), ['Content-Length', String(Buffer.byteLength(body))]];
  // The path stays as given; URL would normalise it.
  const path = url.slice(url.indexOf(host) + host.length);
  const sent = request({ hostname, port, path, method, headers: [...own, ...headers].flat(), agent: false });
  sent.end(body);
  const [received] = (await once(sent, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of received) chunks.push(chunk);
  return { status: received.statusCode ?? 0, headers: received.headers, text: Buffer.concat(chunks).toString() };
}
