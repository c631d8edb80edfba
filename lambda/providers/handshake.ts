import type { Settings } from '../signature/scheme.ts';
import type { HeaderValues } from '../signature/signed-request.ts';

/** What a provider may greet an endpoint with. */
export interface GreetingRequest {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: HeaderValues;
  /** The parsed body; undefined where there is none, and before the signature is verified. */
  readonly content: unknown;
  readonly settings: Settings;
  /** The source's current secret, for an answer that proves that we have it. */
  readonly secret: string;
  /** Makes a request to the provider, where it asks for one. */
  readonly fetch: (url: URL, init: RequestInit) => Promise<Response>;
}

/** What the provider expects back. */
export interface GreetingAnswer {
  readonly status: number;
  /** @default text/plain */
  readonly contentType?: string;
  readonly body: string;
}

/** Answers a greeting; undefined where the request is none. */
export type Greeting = (
  request: GreetingRequest,
) => GreetingAnswer | undefined | Promise<GreetingAnswer | undefined | 'unavailable'>;

/** How a provider greets. */
export interface Greetings {
  /** Before anything is verified, for greetings that are not signed: of the body, nothing is there yet. */
  readonly unsigned?: Greeting;
  /** Once the signature holds and the body is parsed. */
  readonly signed?: Greeting;
}

/** An answer in JSON. */
export function jsonAnswer(body: unknown): GreetingAnswer {
  return { status: 200, contentType: 'application/json', body: JSON.stringify(body) };
}

/** Text that is safe to send back: of bounded length, and nothing that a browser or a signature would take for more. */
export function plainToken(value: unknown, maxLength = 256): string | undefined {
  const isPlain = typeof value === 'string' && value.length <= maxLength && /^[\w+/=.~:@ -]+$/.test(value);
  return isPlain ? value : undefined;
}
