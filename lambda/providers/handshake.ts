import type { Fetch } from '../signature/certificates.ts';
import type { Settings } from '../signature/scheme.ts';
import type { HeaderValues } from '../signature/signed-request.ts';

/** A request that may be a handshake. */
export interface HandshakeRequest {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: HeaderValues;
  /** The parsed body; undefined where there is none, and before the signature is verified. */
  readonly content: unknown;
  readonly settings: Settings;
  /** The source's current secret, for an answer that proves that we have it. */
  readonly secret: string;
  /** Makes a request to the provider, where it asks for one. */
  readonly fetch: Fetch;
}

/** What the provider expects back. */
export interface HandshakeResponse {
  readonly status: number;
  /** @default text/plain */
  readonly contentType?: string;
  readonly body: string;
}

/** Answers a handshake; undefined where the request is none. */
export type Handshake = (
  request: HandshakeRequest,
) => HandshakeResponse | undefined | Promise<HandshakeResponse | undefined | 'unavailable'>;

/** The handshakes of a provider. */
export interface Handshakes {
  /** Before anything is verified, for handshakes that are not signed: of the body, nothing is there yet. */
  readonly unsigned?: Handshake;
  /** Once the signature holds and the body is parsed. */
  readonly signed?: Handshake;
}

/** An answer in JSON. */
export function jsonAnswer(body: unknown): HandshakeResponse {
  return { status: 200, contentType: 'application/json', body: JSON.stringify(body) };
}

/** Text that is safe to send back: of bounded length, and nothing that a browser or a signature would take for more. */
export function plainToken(value: unknown, maxLength = 256): string | undefined {
  const isPlain = typeof value === 'string' && value.length <= maxLength && /^[\w+/=.~:@ -]+$/.test(value);
  return isPlain ? value : undefined;
}
