import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Headers as sent: in order, with repeated names, and one byte per character. */
export type RawHeaders = readonly (readonly [name: string, value: string])[];

/** A request as sent. */
export interface WireRequest {
  readonly method: string;
  /** With the query string. */
  readonly path: string;
  /** `Host` is added if it is missing; `Content-Length`, if it and `Transfer-Encoding` are missing. */
  readonly headers: RawHeaders;
  readonly body: Buffer;
}

/** A response, or the failure to get one. */
export interface WireResponse {
  /** Undefined if there was no response. */
  readonly status: number | undefined;
  readonly headers: RawHeaders;
  /** The beginning of the body, decoded. */
  readonly text: string;
  /** Why there was no response, or only a part of it. */
  readonly failure?: string;
  readonly milliseconds: number;
}

/** The part of a response that is read, in bytes. */
const MAX_RESPONSE_BYTES = 256 * 1024;

/** Sends a request with exactly these headers and bytes over a new connection. Never throws. */
export async function exchange(
  url: URL,
  { method, path, headers, body }: WireRequest,
  timeoutMs: number,
): Promise<WireResponse> {
  const startedAt = performance.now();
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const { hostname, port } = hostAndPort(url);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const all = [...framing(url, headers, body), ...headers].flat();
    const sent = send({ hostname, port, method, path, headers: all, agent: false, signal });
    sent.end(body);
    const [received] = (await once(sent, 'response')) as [IncomingMessage];
    // The endpoint may close the connection before it has read everything.
    sent.on('error', () => undefined);
    return { ...(await read(received)), milliseconds: performance.now() - startedAt };
  } catch (error) {
    return noResponse(error as Error, startedAt);
  }
}

function framing(url: URL, headers: RawHeaders, body: Buffer): RawHeaders {
  const names = new Set(headers.map(([name]) => name.toLowerCase()));
  const isFramed = names.has('content-length') || names.has('transfer-encoding');
  return [
    ...(names.has('host') ? [] : [['Host', url.host] as const]),
    ...(isFramed ? [] : [['Content-Length', String(body.length)] as const]),
  ];
}

async function read(received: IncomingMessage): Promise<Omit<WireResponse, 'milliseconds'>> {
  const head = { status: received.statusCode, headers: pairs(received.rawHeaders) };
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of received) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_RESPONSE_BYTES) break;
    }
    return { ...head, text: Buffer.concat(chunks).toString() };
  } catch (error) {
    return { ...head, text: Buffer.concat(chunks).toString(), failure: describe(error as Error) };
  }
}

function pairs(flat: readonly string[]): RawHeaders {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ''] as const] : []));
}

/**
 * Sends bytes that no HTTP client would send over a new connection, and reads to the end of the connection or to the
 * time-out. Never throws.
 * @param isCutShort whether to end this half of the connection after the bytes
 */
export async function exchangeBytes(
  url: URL,
  bytes: Buffer,
  timeoutMs: number,
  isCutShort = false,
): Promise<WireResponse> {
  const startedAt = performance.now();
  let socket: Socket | undefined;
  try {
    socket = await connect(url, timeoutMs);
    if (isCutShort) socket.end(bytes);
    else socket.write(bytes);
    return { ...parse(await readToEnd(socket, timeoutMs)), milliseconds: performance.now() - startedAt };
  } catch (error) {
    return noResponse(error as Error, startedAt);
  } finally {
    socket?.destroy();
  }
}

/** Connects to a URL's host. */
async function connect(url: URL, timeoutMs: number): Promise<Socket> {
  const { hostname: host, port } = hostAndPort(url);
  const signal = AbortSignal.timeout(timeoutMs);
  if (url.protocol === 'http:') {
    const socket = connectTcp({ host, port });
    await once(socket, 'connect', { signal });
    return socket;
  }
  const socket = connectTls({ host, port, ...serverName(host) });
  await once(socket, 'secureConnect', { signal });
  return socket;
}

/** TLS option for a host: server name indication is not allowed for an address. */
export function serverName(host: string): { readonly servername?: string } {
  return isIP(host) ? {} : { servername: host };
}

/** Host and port of a URL; an IPv6 address without its brackets. */
export function hostAndPort({ protocol, hostname, port }: URL): { readonly hostname: string; readonly port: number } {
  const standard = protocol === 'https:' ? 443 : 80;
  return { hostname: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? standard : Number(port) };
}

/** Reads to the end of the connection, the time-out or an error. */
function readToEnd(socket: Socket, timeoutMs: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  return new Promise((resolve) => {
    const finish = () => resolve(Buffer.concat(chunks));
    socket.setTimeout(timeoutMs, finish).once('end', finish).once('close', finish).once('error', finish);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      size += chunk.length;
      if (size > MAX_RESPONSE_BYTES) finish();
    });
  });
}

function parse(bytes: Buffer): Omit<WireResponse, 'milliseconds'> {
  const [head = '', ...rest] = bytes.toString().split('\r\n\r\n');
  const [first = '', ...lines] = head.split('\r\n');
  const [, status] = /^HTTP\/1\.\d (\d{3})/.exec(first) ?? [];
  if (status === undefined) return { status: undefined, headers: [], text: '', failure: 'the connection was closed' };
  const headers = lines.map((line) => {
    const [name = '', ...value] = line.split(': ');
    return [name, value.join(': ')] as const;
  });
  return { status: Number(status), headers, text: rest.join('\r\n\r\n') };
}

function noResponse(error: Error, startedAt: number): WireResponse {
  const milliseconds = performance.now() - startedAt;
  return { status: undefined, headers: [], text: '', failure: describe(error), milliseconds };
}

/** Node.js reports several failed addresses as one error without a message. */
function describe(error: Error & { code?: string }): string {
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'no response in time';
  const [first] = error instanceof AggregateError ? error.errors : [error];
  return first?.message || error.code || error.name;
}
