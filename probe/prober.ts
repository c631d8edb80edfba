import { setTimeout as sleep } from 'node:timers/promises';
import type { SignedRequest } from '../lambda/signature/signed-request.ts';
import { type Digest, digestIn } from './digest.ts';
import type { Exchange } from './probe-report.ts';
import { freshEvent, type Sender } from './sender.ts';
import type { Target } from './target.ts';
import { toBytesExchange, toExchange } from './transcript.ts';
import { type Answer, exchange, exchangeBytes, type RawHeaders, type WireRequest } from './wire.ts';

/** What a probe is given. */
export interface ProbeSettings {
  readonly target: Target;
  readonly sender: Sender;
  /** Undefined where none is known: then nothing can be signed validly. */
  readonly secret: string | undefined;
  /** Another source of the same deployment, with another secret. */
  readonly otherSource: string | undefined;
  /** The largest body that the endpoint takes, in bytes. */
  readonly maxBodyBytes: number;
  /** Requests a second, at most; undefined for no limit. */
  readonly rate: number | undefined;
  /** Whether times are measured also over a network. */
  readonly measuresTiming: boolean;
  /** How long to wait for an answer, in milliseconds. */
  readonly timeoutMs: number;
}

/** How a request is sent that is not as it should be. */
export interface Sending {
  /** Sent in place of the endpoint's path. */
  readonly path?: string;
  /** Sent to in place of the endpoint's URL. */
  readonly url?: URL;
  /** Sent besides the request's own. */
  readonly headers?: RawHeaders;
  /** Not written down: one of very many alike. */
  readonly isQuiet?: boolean;
}

/** An answer, and which valid signature the endpoint was shown for it. */
export interface Seen {
  readonly what: string;
  readonly answer: Answer;
  readonly shown: string;
}

/** More requests than a check said it makes: a defect of the check. */
class BudgetExceeded extends Error {
  override readonly message = 'it sends more requests than it says';
}

/** A running probe: makes requests as the sender would, sends them at a bounded rate, and writes down what came. */
export class Prober {
  readonly settings: ProbeSettings;
  /** The key that requests are signed with: the secret, or one that the endpoint does not know. */
  readonly key: string;
  /** The header whose value depends on the key, in lower case; undefined where the signature stands in the body. */
  readonly signatureHeader: string | undefined;
  /** All headers that signing adds. */
  readonly signatureHeaders: readonly string[];
  /** Every answer of the whole run. */
  readonly seen: Seen[] = [];
  readonly #signatures = new Set<string>();
  #exchanges: Exchange[] = [];
  #sent = 0;
  #budget = 0;
  #nextAt = 0;

  constructor(settings: ProbeSettings) {
    this.settings = settings;
    this.key = settings.secret ?? settings.sender.makeUpKey();
    const names = signatureHeadersOf(settings.sender);
    this.signatureHeader = names.signature;
    this.signatureHeaders = names.all;
  }

  get sender(): Sender {
    return this.settings.sender;
  }

  get target(): Target {
    return this.settings.target;
  }

  /** How many requests were sent in all. */
  get sent(): number {
    return this.#sent;
  }

  /** Signatures that the endpoint would accept, as text. */
  get signatures(): ReadonlySet<string> {
    return this.#signatures;
  }

  /** Begins a check that makes so many requests at most. */
  begin(requests: number): void {
    this.#budget = this.#sent + requests;
    this.#exchanges = [];
  }

  /** What was written down since the check began. */
  get exchanges(): readonly Exchange[] {
    return this.#exchanges;
  }

  /** An unsigned event that there never was. @param sentAt epoch milliseconds */
  event(sentAt = Date.now()): SignedRequest {
    return freshEvent(this.sender, Date.now(), sentAt);
  }

  /** @param at the time to sign, in epoch milliseconds */
  sign(request: SignedRequest, { key = this.key, at = Date.now() }: { key?: string; at?: number } = {}): SignedRequest {
    const signed = this.sender.sign(request, key, at);
    const digest = key === this.settings.secret ? this.digestOf(signed) : undefined;
    if (digest) this.#signatures.add(digest.text);
    return signed;
  }

  /** A new event, signed as its sender would. */
  genuine(): SignedRequest {
    return this.sign(this.event());
  }

  /** The signature within the value of its header. */
  digestOf({ headers }: SignedRequest): Digest | undefined {
    return digestIn(headers.get(this.signatureHeader ?? '')?.[0] ?? '');
  }

  /** Sends a request; `what` says what is special about it, in words that fit after "Answered 200 to". */
  async send(what: string, request: SignedRequest, sending: Sending = {}): Promise<Answer> {
    await this.#turn();
    const wire = this.#toWire(request, sending);
    const answer = await exchange(sending.url ?? this.target.url, wire, this.settings.timeoutMs);
    const shown = wire.headers.map(([, value]) => value).join('\n');
    this.#writeDown(
      { what, answer, shown },
      sending.isQuiet ? [] : [toExchange(what, wire, answer, this.#confidential)],
    );
    return answer;
  }

  /** Sends bytes as they are. @param isCutShort whether to end our half of the connection after them */
  async sendBytes(what: string, bytes: Buffer, isCutShort = false): Promise<Answer> {
    await this.#turn();
    const answer = await exchangeBytes(this.target.url, bytes, this.settings.timeoutMs, isCutShort);
    const exchanged = toBytesExchange(what, bytes, answer, this.#confidential);
    this.#writeDown({ what, answer, shown: bytes.toString('latin1') }, [exchanged]);
    return answer;
  }

  #writeDown(seen: Seen, exchanges: readonly Exchange[]): void {
    this.seen.push(seen);
    this.#exchanges.push(...exchanges);
  }

  #toWire({ method, query, headers, body }: SignedRequest, { path, headers: added = [] }: Sending): WireRequest {
    const search = query.size > 0 ? `?${query}` : '';
    const flat = [...headers].flatMap(([name, values]) => values.map((value) => [name, asBytes(value)] as const));
    return { method, path: path ?? this.target.url.pathname + search, headers: [...flat, ...added], body };
  }

  get #confidential() {
    const { secret = '' } = this.settings;
    return {
      secrets: new Set([secret, this.key]),
      signatures: this.#signatures,
      headers: new Set(this.signatureHeaders),
      isInBody: this.signatureHeader === undefined,
    };
  }

  /** Waits until the next request may go out. */
  async #turn(): Promise<void> {
    if (this.#sent >= this.#budget) throw new BudgetExceeded();
    this.#sent += 1;
    const { rate } = this.settings;
    if (rate === undefined) return;
    const now = performance.now();
    const at = Math.max(now, this.#nextAt);
    this.#nextAt = at + 1000 / rate;
    if (at > now) await sleep(at - now);
  }
}

/** Text as UTF-8 in a header, one character a byte. */
function asBytes(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1');
}

function signatureHeadersOf(sender: Sender): {
  readonly signature: string | undefined;
  readonly all: readonly string[];
} {
  const now = Date.now();
  const unsigned = sender.sample(now);
  const [one, other] = [sender.sign(unsigned, sender.makeUpKey(), now), sender.sign(unsigned, sender.makeUpKey(), now)];
  const valueIn = ({ headers }: SignedRequest, name: string) => headers.get(name)?.join();
  const names = [...one.headers.keys()];
  const [signature] = names.filter((name) => valueIn(one, name) !== valueIn(other, name)).toSorted(bySignature);
  return { signature, all: names.filter((name) => valueIn(one, name) !== valueIn(unsigned, name)) };
}

/** Where several depend on the key, the one that says so is meant. */
const bySignature = (one: string, other: string) => Number(/sig/.test(other)) - Number(/sig/.test(one));
