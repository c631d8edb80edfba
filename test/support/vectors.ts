import { readFileSync } from 'node:fs';

/** An event that must be found in a request; texts may hold places for times. */
export interface ExpectedEvent {
  readonly id: string;
  readonly type?: string;
  /** ISO 8601. */
  readonly occurredAt?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

/** A request before it is signed. */
export interface VectorRequest {
  readonly name?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly events: readonly ExpectedEvent[];
}

/** A request that was signed elsewhere. */
export interface RecordedRequest extends VectorRequest {
  /** Where the signature comes from. */
  readonly source: string;
  readonly clock: string;
  readonly secret: string;
  /** The URL that was signed. */
  readonly url?: string;
  readonly query?: string;
  readonly settings?: Readonly<Record<string, string>>;
}

/** A handshake. */
export interface VectorHandshake {
  readonly name: string;
  readonly method?: string;
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signed: boolean;
  /** The secret that the answer was worked out with, where it matters. */
  readonly secret?: string;
  readonly answer: { readonly status: number; readonly contentType?: string; readonly body: string };
}

/** What test/vectors/<provider>.json holds. */
export interface Vector {
  readonly sample: VectorRequest;
  /** How old a signed timestamp may be, where the signature covers one that is checked against a tolerance. */
  readonly toleranceSeconds?: number;
  /** False where the scheme signs nothing of the body. */
  readonly signsBody?: false;
  /** False where a newline more at the end of the body is no other payload. */
  readonly reformattable?: false;
  readonly variants?: readonly VectorRequest[];
  readonly recorded?: readonly RecordedRequest[];
  readonly handshakes?: readonly VectorHandshake[];
}

export function readVector(provider: string): Vector {
  return JSON.parse(readFileSync(new URL(`../vectors/${provider}.json`, import.meta.url), 'utf8'));
}
