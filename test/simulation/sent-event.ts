import { createHash } from 'node:crypto';
import { judgeEvents } from '../../lambda/receiver/judge-events.ts';
import { parsePayload } from '../../lambda/receiver/parse-payload.ts';
import { onlyValue, type SignedRequest, withHeaders } from '../../lambda/signature/signed-request.ts';
import type { Judgement } from '../../lambda/storage/judgement.ts';
import { fillIn, readSample } from '../../samples/sample.ts';
import { REFUSED_TEXT } from './bus.ts';
import type { IssuedCertificate } from './certificate-authority.ts';
import { certificateInUse, type SimulatedSource } from './simulated-source.ts';
import { type KeyVersion, keyInUse } from './source-keys.ts';

/**
 * What is special about a body.
 * - `large`: no item can hold it
 * - `big integer`: EventBridge refuses it as JSON
 * - `refused payload`, `refused event`: EventBridge refuses it with its payload, or in any form, for no known reason
 * - `invalid`: nothing identifies its event
 */
export type BodyKind = 'usual' | 'large' | 'big integer' | 'refused payload' | 'refused event' | 'invalid';

/** A body of a provider with one event or several, which it sends until it is acknowledged. */
export interface SentEvent {
  readonly from: SimulatedSource;
  /** Makes its ids. */
  readonly seed: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  readonly kind: BodyKind;
  readonly attempts: Attempt[];
  /** The bytes of the first attempt, for a provider that sends the same ones each time. */
  signed?: SignedAttempt;
}

/** An attempt to deliver; times are in epoch milliseconds. */
export interface Attempt extends SignedAttempt {
  readonly event: SentEvent;
  readonly sentAt: number;
  readonly expected: readonly ExpectedItem[];
}

/** A signed request and what it is signed with. */
export interface SignedAttempt {
  readonly request: SignedRequest;
  /** Undefined for a provider that signs with a certificate. */
  readonly key: KeyVersion | undefined;
  readonly certificate: IssuedCertificate | undefined;
}

/** Where one event of a body belongs. */
export interface ExpectedItem {
  readonly table: 'events' | 'quarantine';
  readonly id: string;
  readonly sha256: string;
}

/** Names one payload under one id in one table. */
export const itemKey = ({ table, id, sha256 }: ExpectedItem) => `${table} ${id} ${sha256}`;

/** Signs an attempt as the provider does it. @param now epoch milliseconds */
export function attemptOf(event: SentEvent, now: number): Attempt {
  const signed = event.signed ?? signedAttempt(event, now);
  if (event.from.schedule.signs === 'once') event.signed = signed;
  return { ...signed, event, sentAt: now, expected: expectedItems(event.from, signed.request, now) };
}

function signedAttempt(event: SentEvent, now: number): SignedAttempt {
  const { source } = event.from;
  const certificate = certificateInUse(event.from, now);
  const key = certificate ? undefined : keyInUse(event.from.keys);
  const signing = { key: certificate?.key ?? key?.signing ?? '', now, settings: source.settings };
  const request = source.provider.signature.sign(unsigned(event, now), signing);
  return { request: certificate ? withCertificateUrl(request, certificate.url) : request, key, certificate };
}

/** A body of the provider before it is signed. */
export function unsigned(event: Pick<SentEvent, 'from' | 'seed' | 'createdAt' | 'kind'>, now: number): SignedRequest {
  const url = event.from.source.publicUrl ?? '';
  const { headers, body } = readSampleOnce(event.from.name);
  const filled = Object.entries(headers).map(([name, value]) => [name, [filledIn(value, event, now)]] as const);
  return {
    method: 'POST',
    url,
    query: new URLSearchParams(),
    headers: new Map(filled),
    body: Buffer.from(changed(filledIn(body, event, now), event)),
  };
}

const samples = new Map<string, ReturnType<typeof readSample>>();

function readSampleOnce(name: SentEvent['from']['name']) {
  const sample = samples.get(name) ?? readSample(name);
  samples.set(name, sample);
  return sample;
}

/** The day of the sample is the time of the event; only the times of sending change from attempt to attempt. */
function filledIn(text: string, { seed, createdAt }: Pick<SentEvent, 'seed' | 'createdAt'>, now: number): string {
  const fixed = fillIn(text.replaceAll('{{now:', '{{sent:').replaceAll('{{today:', '{{now:'), createdAt, seed);
  return fillIn(fixed.replaceAll('{{sent:', '{{now:'), now);
}

const LARGE_BYTES = 580_000;

function changed(body: string, { kind, seed }: Pick<SentEvent, 'kind' | 'seed'>): string {
  const withField = (field: string) => body.replace(/\}\s*$/, `,${field}}`);
  const bodies: Readonly<Record<BodyKind, () => string>> = {
    usual: () => body,
    large: () => withField(`"attachment":"${noise(seed)}"`),
    'big integer': () => withField('"ledger":123456789012345678901234567890'),
    'refused payload': () => withField(`"note":"${REFUSED_TEXT}"`),
    'refused event': () => body.replace('"event_id":"', `"event_id":"${REFUSED_TEXT}-`),
    invalid: () => `{"object":"event","note":"${seed}"}`,
  };
  return bodies[kind]();
}

/** Text that no compression makes much shorter. */
function noise(seed: string): string {
  const block = (index: number) => createHash('sha512').update(`${seed} ${index}`).digest('base64');
  return Array.from({ length: Math.ceil(LARGE_BYTES / 88) }, (_, index) => block(index)).join('');
}

/** A provider names its certificate in a header or in the body, neither of which it signs. */
export function withCertificateUrl(request: SignedRequest, url: string): SignedRequest {
  if (request.headers.has('paypal-cert-url')) return withHeaders(request, { 'paypal-cert-url': url });
  const message = { ...JSON.parse(String(request.body)), SigningCertURL: url };
  return { ...request, body: Buffer.from(JSON.stringify(message)) };
}

/** The events of a request as the receiver must find them. How it finds them is no matter of the simulation. */
function expectedItems({ source }: SimulatedSource, request: SignedRequest, now: number): ExpectedItem[] {
  const { provider } = source;
  const [mediaType = ''] = (onlyValue(request.headers, 'content-type') ?? '').split(';');
  const headers = new Map([...request.headers].filter(([name]) => provider.eventHeaders.includes(name)));
  const parsed = parsePayload(request.body, { ...provider, mediaType });
  const { judgements } = judgeEvents(parsed, { ...request, headers, mediaType, receivedAt: now }, source);
  return judgements.map(itemOf);
}

/** Where an event belongs that was judged. */
export function itemOf(judgement: Judgement): ExpectedItem {
  const { source, payload } = 'valid' in judgement ? judgement.valid : judgement.invalid;
  const sha256 = createHash('sha256').update(payload).digest('hex');
  return 'valid' in judgement
    ? { table: 'events', id: `${source}#${judgement.valid.id}`, sha256 }
    : { table: 'quarantine', id: `${source}#${sha256}`, sha256 };
}
