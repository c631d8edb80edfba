import type { Fetch } from '../signature/download.ts';
import { handedOutSecret } from '../signature/handed-out-secret.ts';
import type { Settings } from '../signature/scheme.ts';
import { sealSecret } from '../signature/seal-secret.ts';
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

/** A request that may hand out the source's secret. Nothing in it is verified, and there may be no secret yet. */
export type HandOutRequest = Omit<HandshakeRequest, 'secret' | 'content' | 'fetch'>;

/** What a handshake handed out. */
export interface HandedOut {
  /**
   * The secret that the provider will sign with, as `handedOutSecret` returns it. The receiver neither uses nor stores
   * it: an operator who waits for it gets it, and decides.
   */
  readonly secret: string;
  /** The response that the provider expects. */
  readonly response: ProviderResponse;
  /** The name of a header of the response that repeats the secret, such as `X-Hook-Secret`. @default - none */
  readonly header?: string;
}

/** A handshake that hands out the secret of the source: see `handsOut`. */
export interface HandOut {
  /** The secret that a request hands out, and the response to it; undefined if it is no such handshake. */
  readonly read: (request: HandOutRequest) => HandedOut | undefined;
  /**
   * Seals a secret for an operator.
   * @param publicKey as `sealSecret` takes it
   * @returns undefined if the key is not usable
   */
  readonly seal: (secret: string, publicKey: string) => string | undefined;
  /**
   * How an operator finds out that a secret is the provider's, since anyone can send a handshake: sentences that
   * `secret --from-handshake` prints.
   */
  readonly check: string;
}

/** The handshakes of a provider. */
export interface Handshakes {
  /**
   * For handshakes that hand out the secret of the source. It runs before the others, whether or not there is a secret.
   * @default - none
   */
  readonly handOut?: HandOut;
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

/**
 * A handshake that hands out the secret of the source. A request whose secret has another form than `handedOutSecret`
 * returns is none.
 */
export function handsOut({ read, check }: Omit<HandOut, 'seal'>): HandOut {
  return { read: (request) => checked(read(request)), check, seal: sealSecret };
}

/** The header is chosen in code, and repeats nothing but the secret, so no caller can add another one to a response. */
function checked(handedOut: HandedOut | undefined): HandedOut | undefined {
  if (!handedOut || handedOutSecret(handedOut.secret) === undefined) return undefined;
  const { header = 'X-' } = handedOut;
  if (/^x-(?!content-type-options$)[a-z0-9-]{0,62}$/i.test(header)) return handedOut;
  throw new TypeError(`A handshake may not answer with the header ${header}.`);
}
