import type { SignedRequest } from '../lambda/signature/signed-request.ts';
import type { Confidential } from './confidential.ts';
import { type Digest, digestIn } from './digest.ts';
import { pacer } from './pacer.ts';
import type { Exchange, Verdict } from './probe-report.ts';
import { newEvent, type Sender } from './sender.ts';
import { type SignatureHeaders, signatureHeadersOf } from './signature-headers.ts';
import type { Target } from './target.ts';
import { toBytesExchange, toExchange } from './transcript.ts';
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
  /** The response that the check wants, in a sentence. @default - none in particular */
  readonly expected?: string | undefined;
  /** The request that this one was changed from; the report marks what differs. @default - not known */
  readonly genuine?: SignedRequest | undefined;
  /** Leaves the exchange out of the report, because there are very many like it. @default false */
  readonly isQuiet?: boolean;
}

/** Deviations from usual bytes. */
export interface SendBytesOptions extends Pick<SendOptions, 'expected'> {
  /** Whether to end this half of the connection after the bytes. @default false */
  readonly isCutShort?: boolean | undefined;
}

/** A response, and the request that caused it. */
export interface RecordedResponse {
  /** Description of the request. */
  readonly what: string;
  readonly response: WireResponse;
  /** Header values of the request, or all of its bytes. A response that repeats them discloses nothing. */
  readonly sent: string;
  /** Records both for a report. */
  readonly toExchange: () => Exchange;
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
  /** The genuine requests: signed with this key and at the right time. */
  readonly #genuine = new WeakSet<SignedRequest>();
  readonly #headers: SignatureHeaders;
  readonly #nextTurn: () => Promise<void>;
  /** The part of the responses that the report of the running check contains. */
  #reported: RecordedResponse[] = [];
  #verdicts = new Map<WireResponse, Verdict>();
  #sent = 0;
  #budget = 0;

  constructor(settings: ProbeSettings) {
    this.settings = settings;
    this.key = settings.secret ?? settings.sender.generateKey();
    this.#headers = signatureHeadersOf(settings.sender);
    this.signatureHeader = this.#headers.signature;
    this.signatureHeaders = this.#headers.all;
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
    this.#reported = [];
    this.#verdicts = new Map();
  }

  /** Exchanges since the check began. */
  get exchanges(): readonly Exchange[] {
    return this.#reported.map((recorded) => ({
      ...recorded.toExchange(),
      verdict: this.#verdicts.get(recorded.response),
    }));
  }

  /** Records the finding about one response. @returns the finding */
  conclude<F extends { readonly verdict: Verdict }>(response: WireResponse, finding: F): F {
    this.#verdicts.set(response, finding.verdict);
    return finding;
  }

  /** Reports a response to another check as evidence. @returns the finding about it */
  cite<F extends { readonly verdict: Verdict }>(recorded: RecordedResponse, finding: F): F {
    if (!this.#reported.includes(recorded)) this.#reported.push(recorded);
    return this.conclude(recorded.response, finding);
  }

  /** Builds an unsigned request for a new event. @param sentAt epoch milliseconds */
  event(sentAt = Date.now()): SignedRequest {
    return newEvent(this.sender, Date.now(), sentAt);
  }

  /** Signs a request. @param at time of the signature, in epoch milliseconds */
  sign(request: SignedRequest, { key = this.key, at }: { key?: string; at?: number } = {}): SignedRequest {
    const signed = this.sender.sign(request, key, at ?? Date.now());
    if (key === this.key && at === undefined) this.#genuine.add(signed);
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
    const { url = this.target.url, genuine, expected, isQuiet = false } = options;
    const wire = this.#toWire(request, options);
    const response = await exchange(url, wire, this.#deadline());
    // A valid signature differs from that of another request, without anyone having changed it.
    const unmarked = this.#genuine.has(request) ? this.signatureHeaders : [];
    const sending = { url, request: wire, genuine: genuine && this.#toWire(genuine, {}), unmarked };
    const toReport = () => toExchange({ what, expected, response }, sending, this.#confidential);
    const sent = wire.headers.map(([, value]) => value).join('\n');
    return this.#record({ what, response, sent, toExchange: toReport }, isQuiet);
  }

  /** Sends raw bytes. */
  async sendBytes(what: string, bytes: Buffer, options: SendBytesOptions = {}): Promise<WireResponse> {
    await this.#turn();
    const { isCutShort = false, expected } = options;
    const response = await exchangeBytes(this.target.url, bytes, this.#deadline(), isCutShort);
    const toReport = () => toBytesExchange({ what, expected, response }, bytes, this.#confidential);
    return this.#record({ what, response, sent: bytes.toString('latin1'), toExchange: toReport });
  }

  #record(recorded: RecordedResponse, isQuiet = false): WireResponse {
    this.responses.push(recorded);
    if (!isQuiet) this.#reported.push(recorded);
    return recorded.response;
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
      tokens: new Set(this.#headers.tokens),
      isInBody: this.signatureHeader === undefined || this.#headers.isElsewhere,
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
