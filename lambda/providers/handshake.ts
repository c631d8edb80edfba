import type { Fetch } from '../signature/download.ts';
import type { Settings } from '../signature/scheme.ts';
import type { HeaderValues } from '../signature/signed-request.ts';

/** The largest body that an unsigned handshake reads, in bytes: 1 KiB. Any larger body is no handshake. */
export const MAX_UNSIGNED_BODY_BYTES = 1024;

/** A request that may be a handshake. */
export interface HandshakeRequest {
  /** The HTTP method, in upper case. */
  readonly method: string;
  /** The query string, decoded. */
  readonly query: URLSearchParams;
  /** All headers of the request. */
  readonly headers: HeaderValues;
  /**
   * The raw body. An unsigned handshake gets it before its signature is verified, so anyone may have sent it: the
   * handshake reads none above `MAX_UNSIGNED_BODY_BYTES`.
   */
  readonly body: Buffer;
  /** The parsed body; undefined if there is none, and before the signature is verified. */
  readonly content: unknown;
  /** The settings of the source. */
  readonly settings: Settings;
  /**
   * The source's current secret, for a response that proves that the source has it. Empty unless the provider's
   * `handshakes.signsChallenge` is set.
   */
  readonly secret: string;
  /** Sends a request to the provider, if the handshake asks for one. */
  readonly fetch: Fetch;
}

/** The response that the provider expects. */
export interface ProviderResponse {
  /** The HTTP status. */
  readonly status: number;
  /** @default text/plain */
  readonly contentType?: string;
  /** The body, empty for none. */
  readonly body: string;
}

/** The response to a handshake; undefined if the request is not one. */
export type Handshake = (
  request: HandshakeRequest,
) => ProviderResponse | undefined | Promise<ProviderResponse | undefined | 'unavailable'>;

/** The handshakes of a provider. */
export interface Handshakes {
  /**
   * For handshakes that are not signed. It runs before the signature is verified, so the body is not parsed yet.
   * @default - none
   */
  readonly unsigned?: Handshake;
  /**
   * For signed handshakes. It runs after the signature is verified and the body is parsed.
   * @default - none
   */
  readonly signed?: Handshake;
  /**
   * Set if a response has text from the request, signed with the source's secret. Only then do handshakes get the secret,
   * and no other kind of source can share it: the text could be the signed content of an event there. The scheme of the
   * provider itself must not accept such a signature for an event.
   * @default - handshakes get no secret
   */
  readonly signsChallenge?: true;
}

/** A response without a body. */
export const NO_CONTENT: ProviderResponse = { status: 204, body: '' };

/** A response in JSON. */
export function jsonAnswer(body: unknown): ProviderResponse {
  return { status: 200, contentType: 'application/json', body: JSON.stringify(body) };
}

/** Text that is safe to send back: its length is bounded, and it is neither markup nor the signed content of an event. */
export function plainToken(value: unknown, maxLength = 256): string | undefined {
  const isPlain = typeof value === 'string' && value.length <= maxLength && /^[\w+/=.~:@ -]+$/.test(value);
  return isPlain ? value : undefined;
}
