import type { SignedRequest } from '../lambda/signature/signed-request.ts';
import { type Digest, digestIn } from './digest.ts';
import { pacer } from './pacer.ts';
import type { Exchange } from './probe-report.ts';
import { newEvent, type Sender } from './sender.ts';
import { signatureHeadersOf } from './signature-headers.ts';
import type { Target } from './target.ts';
import { type Confidential, toBytesExchange, toExchange } from './transcript.ts';
import { exchange, exchangeBytes, type RawHeaders, type WireRequest, type WireResponse } from './wire.ts';

/** Settings of a probe. */
export interface ProbeSettings {
  readonly target: Target;
  readonly sender: Sender;
  /** Undefined if it is unknown: then no request has a valid signature. */
  readonly secret: string | undefined;
  /** Another source of the same deployment, with another secret. */
  readonly otherSource: string | undefined;
  /** The largest body that the endpoint accepts, in bytes. */
  readonly maxBodyBytes: number;
  /** Requests per second, at most; undefined for no limit. */
  readonly rate: number | undefined;
  /** Whether response times are also measured over a network. */
  readonly measuresTiming: boolean;
  /** Time-out of an exchange, from connecting to the end of the response, in milliseconds. */
  readonly timeoutMs: number;
}

/** Deviations from a normal request. */
export interface SendOptions {
  /** @default - path and query string of the endpoint */
  readonly path?: string;
  /** @default - URL of the endpoint */
  readonly url?: URL;
  /** Added to the headers of the request. @default - none */
  readonly headers?: RawHeaders;
  /** Leaves the exchange out of the report, because there are very many like it. @default false */
  readonly isQuiet?: boolean;
}

/** A response, and the request that caused it. */
export interface RecordedResponse {
  /** Description of the request. */
  readonly what: string;
  readonly response: WireResponse;
  /** Header values of the request, or all of its bytes. A response that repeats them discloses nothing. */
  readonly sent: string;
}

/** A check sends more requests than it declares, which is a defect of the check. */
class BudgetExceeded extends Error {
  override readonly message = 'it sends more requests than it declares';
}

/** A running probe: builds requests as the sender does, sends them at a limited rate, and records the responses. */
export class Prober {
  readonly settings: ProbeSettings;
  /** Key that signs requests: the secret, or a random key that the endpoint does not know. */
  readonly key: string;
  /** Header whose value depends on the key, in lower case; undefined if the signature is in the body. */
  readonly signatureHeader: string | undefined;
  /** Every header that signing adds or changes, in lower case. */
  readonly signatureHeaders: readonly string[];
  /** Every response of the run. */
  readonly responses: RecordedResponse[] = [];
  readonly #validSignatures = new Set<string>();
  readonly #nextTurn: () => Promise<void>;
  #exchanges: Exchange[] = [];
  #sent = 0;
  #budget = 0;

  constructor(settings: ProbeSettings) {
    this.settings = settings;
    this.key = settings.secret ?? settings.sender.generateKey();
    const { signature, all } = signatureHeadersOf(settings.sender);
    this.signatureHeader = signature;
    this.signatureHeaders = all;
    this.#nextTurn = pacer(settings.rate);
  }

  get sender(): Sender {
    return this.settings.sender;
  }

  get target(): Target {
    return this.settings.target;
  }

  /** Number of requests that were sent. */
  get sent(): number {
    return this.#sent;
  }

  /** Signatures that the endpoint would accept, as text. */
  get validSignatures(): ReadonlySet<string> {
    return this.#validSignatures;
  }

  /** Begins a check. @param requests the greatest number of requests that it may send */
  begin(requests: number): void {
    this.#budget = this.#sent + requests;
    this.#exchanges = [];
  }

  /** Exchanges since the check began. */
  get exchanges(): readonly Exchange[] {
    return this.#exchanges;
  }

  /** Builds an unsigned request for a new event. @param sentAt epoch milliseconds */
  event(sentAt = Date.now()): SignedRequest {
    return newEvent(this.sender, Date.now(), sentAt);
  }

  /** Signs a request. @param at time of the signature, in epoch milliseconds */
  sign(request: SignedRequest, { key = this.key, at = Date.now() }: { key?: string; at?: number } = {}): SignedRequest {
    const signed = this.sender.sign(request, key, at);
    const digest = key === this.settings.secret ? this.digestOf(signed) : undefined;
    if (digest) this.#validSignatures.add(digest.text);
    return signed;
  }

  /** Builds a request for a new event, signed as the sender signs it. */
  genuine(): SignedRequest {
    return this.sign(this.event());
  }

  /** Finds the digest in the signature header. */
  digestOf({ headers }: SignedRequest): Digest | undefined {
    return digestIn(headers.get(this.signatureHeader ?? '')?.[0] ?? '');
  }

  /** Sends a request. @param what description that fits into "The response to … was 200." */
  async send(what: string, request: SignedRequest, options: SendOptions = {}): Promise<WireResponse> {
    await this.#turn();
    const wire = this.#toWire(request, options);
    const response = await exchange(options.url ?? this.target.url, wire, this.#deadline());
    const sent = wire.headers.map(([, value]) => value).join('\n');
    this.responses.push({ what, response, sent });
    if (!options.isQuiet) this.#exchanges.push(toExchange(what, wire, response, this.#confidential));
    return response;
  }

  /** Sends raw bytes. @param isCutShort whether to end this half of the connection after them */
  async sendBytes(what: string, bytes: Buffer, isCutShort = false): Promise<WireResponse> {
    await this.#turn();
    const response = await exchangeBytes(this.target.url, bytes, this.#deadline(), isCutShort);
    this.responses.push({ what, response, sent: bytes.toString('latin1') });
    this.#exchanges.push(toBytesExchange(what, bytes, response, this.#confidential));
    return response;
  }

  /** Ends an exchange that begins now: a time-out between two bytes would not end one that drips. */
  #deadline(): AbortSignal {
    return AbortSignal.timeout(this.settings.timeoutMs);
  }

  #toWire({ method, query, headers, body }: SignedRequest, { path, headers: added = [] }: SendOptions): WireRequest {
    const search = query.size > 0 ? `?${query}` : '';
    const flat = [...headers].flatMap(([name, values]) => values.map((value) => [name, asBytes(value)] as const));
    return { method, path: path ?? this.target.url.pathname + search, headers: [...flat, ...added], body };
  }

  get #confidential(): Confidential {
    const { secret = '' } = this.settings;
    return {
      secrets: new Set([secret, this.key]),
      signatures: this.#validSignatures,
      headers: new Set(this.signatureHeaders),
      isInBody: this.signatureHeader === undefined,
    };
  }

  /** Counts a request, and waits until it may be sent. */
  async #turn(): Promise<void> {
    if (this.#sent >= this.#budget) throw new BudgetExceeded();
    this.#sent += 1;
    await this.#nextTurn();
  }
}

/** Encodes a header's value in UTF-8, with one character per byte. */
function asBytes(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1');
}
