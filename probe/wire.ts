import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { addAbortSignal, type Readable } from 'node:stream';
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

/** The part of a response that is read, in bytes. An endpoint may send as much as it likes. */
export const MAX_RESPONSE_BYTES = 64 * 1024;

/**
 * Sends a request with exactly these headers and bytes over a new connection. Never throws.
 * @param deadline aborts the exchange, also if the endpoint keeps sending
 */
export async function exchange(
  url: URL,
  { method, path, headers, body }: WireRequest,
  deadline: AbortSignal,
): Promise<WireResponse> {
  const startedAt = performance.now();
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const { hostname, port } = hostAndPort(url);
  try {
    const all = [...framing(url, headers, body), ...headers].flat();
    const sent = send({ hostname, port, method, path, headers: all, agent: false, signal: deadline });
    sent.end(body);
    const [received] = (await once(sent, 'response')) as [IncomingMessage];
    // The endpoint may close the connection before it has read everything.
    sent.on('error', () => undefined);
    const head = { status: received.statusCode, headers: pairs(received.rawHeaders) };
    const { bytes, ...failure } = await read(received, deadline);
    return { ...head, text: bytes.toString(), ...failure, milliseconds: performance.now() - startedAt };
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

/** Reads to the end of a stream, the maximum size, the deadline or an error. */
async function read(stream: Readable, deadline: AbortSignal): Promise<{ bytes: Buffer; failure?: string }> {
  const chunks: Buffer[] = [];
  let left = MAX_RESPONSE_BYTES;
  try {
    for await (const chunk of stream) {
      chunks.push(chunk.subarray(0, left));
      left -= chunk.length;
      if (left <= 0) break;
    }
    // For a response that ends with its connection, the abort is an end, and no error.
    deadline.throwIfAborted();
    return { bytes: Buffer.concat(chunks) };
  } catch (error) {
    const failure = deadline.aborted ? 'the rest did not arrive in time' : describe(error as Error);
    return { bytes: Buffer.concat(chunks), failure };
  }
}

function pairs(flat: readonly string[]): RawHeaders {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ''] as const] : []));
}

/**
 * Sends bytes that no HTTP client would send over a new connection, and reads to the end of the connection or to the
 * deadline. Never throws.
 * @param deadline aborts the exchange, also if the endpoint keeps sending
 * @param isCutShort whether to end this half of the connection after the bytes
 */
export async function exchangeBytes(
  url: URL,
  bytes: Buffer,
  deadline: AbortSignal,
  isCutShort = false,
): Promise<WireResponse> {
  const startedAt = performance.now();
  const socket = connect(url);
  try {
    await once(socket, url.protocol === 'http:' ? 'connect' : 'secureConnect', { signal: deadline });
    addAbortSignal(deadline, socket);
    if (isCutShort) socket.end(bytes);
    else socket.write(bytes);
    const { bytes: received, ...failure } = await read(socket, deadline);
    const response = parse(received);
    if (response.status === undefined) deadline.throwIfAborted();
    return { ...response, ...failure, milliseconds: performance.now() - startedAt };
  } catch (error) {
    return noResponse(error as Error, startedAt);
  } finally {
    socket.destroy();
  }
}

/** Begins to connect to a URL's host. */
function connect(url: URL): Socket {
  const { hostname: host, port } = hostAndPort(url);
  return url.protocol === 'http:' ? connectTcp({ host, port }) : connectTls({ host, port, ...serverName(host) });
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
