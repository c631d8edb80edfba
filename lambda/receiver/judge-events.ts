import type { WebhookEvent } from '../events/webhook-event.ts';
import type { EventRequest, Issue, ProviderEvent, ReadEvent } from '../providers/provider.ts';
import type { QuarantineReason } from '../quarantine/quarantine-item.ts';
import { contentId } from '../signature/content-id.ts';
import type { Judgement } from '../storage/judgement.ts';
import type { ParseResult } from './parse-payload.ts';
import type { Source } from './source.ts';

/** What was found in a body. */
export interface Judged {
  /** One judgement per event, in the body's order; one for a body that could not be parsed. */
  readonly judgements: readonly Judgement[];
  /** Whether the body is one of several events, however many it holds. */
  readonly isBatch: boolean;
}

/** How events are judged. */
export interface JudgeOptions {
  /** Whether the event's time may be outside the retention window. @default false */
  readonly waivesTime?: boolean;
  /** The time of the judgement, in epoch milliseconds: an item's life begins with it. @default - that of the delivery */
  readonly now?: number;
}

/** The request of one event. If the event is one of several in a body, `body` is the event's JSON. */
interface RequestOfEvent extends EventRequest {
  readonly fromBatch?: boolean;
}

/** How far a provider's clock may be ahead, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000;
/** An id shares a key of 2048 bytes with the source's name. */
const MAX_ID_BYTES = 1_024;

/** Judges each event of a body by itself, so that an invalid one does not block the others. */
export function judgeEvents(
  parsed: ParseResult,
  request: EventRequest,
  source: Source,
  options: JudgeOptions = {},
): Judged {
  if ('unreadable' in parsed) {
    return { judgements: [invalid(parsed.unreadable, [], at(options.now, request), source)], isBatch: false };
  }
  const { events, isBatch } = source.provider.read(parsed, request);
  const distinct = isBatch ? withDistinctIds(events) : events;
  return {
    judgements: distinct.map((read) => judge(read, at(options.now, ofEvent(request, read)), source, options)),
    isBatch,
  };
}

/**
 * Judges one event of a body that held several, apart from the others.
 * @param parsed the event's JSON
 * @param knownId the event id that it got among the others, if it got one
 */
export function judgeBatchEvent(
  parsed: ParseResult,
  request: EventRequest,
  source: Source,
  { knownId, ...options }: JudgeOptions & { readonly knownId?: string | undefined },
): Judgement {
  const ofBatch = at(options.now, { ...request, fromBatch: true });
  if ('unreadable' in parsed) return invalid(parsed.unreadable, [], ofBatch, source);
  const read = source.provider.readEvent(parsed.value, request);
  return judge(withKnownId(read, request.body, knownId), ofBatch, source, options);
}

/** The request as of the time by which its events are judged. */
const at = (now: number | undefined, request: RequestOfEvent) =>
  now === undefined ? request : { ...request, receivedAt: now };

function ofEvent(request: EventRequest, { json }: ReadEvent): RequestOfEvent {
  return json === undefined ? request : { ...request, body: Buffer.from(json), fromBatch: true };
}

/** A provider that gives one id to two events of a body, which differ, gives it to neither alone. */
function withDistinctIds(events: readonly ReadEvent[]): readonly ReadEvent[] {
  const seen = new Map<string, string | undefined>();
  return events.map((read) => {
    if (!('event' in read) || read.event.id === undefined) return read;
    const { id } = read.event;
    if (!seen.has(id)) seen.set(id, read.json);
    if (seen.get(id) === read.json) return read;
    return { ...read, event: { ...read.event, id: distinctId(id, read.json) } };
  });
}

const distinctId = (id: string, json: string | Buffer | undefined) => `${id}:${contentId(json)}`;

/** An event keeps the distinct id that it got among the others: without them, it would get theirs. */
function withKnownId(read: ReadEvent, json: Buffer, knownId: string | undefined): ReadEvent {
  if (!('event' in read) || read.event.id === undefined) return read;
  return knownId === distinctId(read.event.id, json) ? { event: { ...read.event, id: knownId } } : read;
}

function judge(read: ReadEvent, request: RequestOfEvent, source: Source, { waivesTime }: JudgeOptions): Judgement {
  if ('issues' in read) return invalid('invalid_event', read.issues, request, source);
  const { event } = read;
  const { provider, retentionSeconds } = source;
  if (!isEventId(event.id))
    return invalid('no_event_id', [{ path: provider.eventIdLabel, expected: 'event id' }], request, source);
  if (!waivesTime && !isTimely(event, request, source)) {
    const expected = `time within the last ${retentionSeconds} seconds`;
    const issues = [{ path: provider.eventTime?.label ?? '', expected }];
    return invalid('outside_retention', issues, request, source, event.id);
  }
  return { valid: toWebhookEvent({ ...event, id: event.id }, request, source) };
}

function isEventId(id: string | undefined): id is string {
  return Boolean(id) && id?.isWellFormed() === true && Buffer.byteLength(id) <= MAX_ID_BYTES;
}

/** Whether the event's own time protects it from replays: only then does that time have to be near. */
function isProtectedByEventTime({ provider }: Source): boolean {
  return provider.eventTime?.isSigned === true && provider.signature.toleranceSeconds === undefined;
}

function isTimely({ occurredAt }: ProviderEvent, { receivedAt }: EventRequest, source: Source): boolean {
  if (!isProtectedByEventTime(source) || occurredAt === undefined) return true;
  return occurredAt <= receivedAt + CLOCK_SKEW_MS && occurredAt >= receivedAt - source.retentionSeconds * 1000;
}

function toWebhookEvent(
  { id, type, occurredAt, data }: ProviderEvent & { readonly id: string },
  request: RequestOfEvent,
  source: Source,
): WebhookEvent {
  const { body, receivedAt, fromBatch } = request;
  return {
    source: source.name,
    provider: source.providerName,
    id,
    type,
    occurredAt,
    signedAt: isProtectedByEventTime(source) ? occurredAt : undefined,
    receivedAt,
    lifeSeconds: lifeSeconds(source),
    immutable: source.provider.immutable,
    fromBatch,
    data,
    headers: headersOf(request),
    payload: body,
  };
}

/** The life of an event's item, in seconds. */
export function lifeSeconds(source: Source): number {
  return Math.max(source.retentionSeconds, replayableSeconds(source));
}

/** How long a captured request passes verification after its arrival, in seconds; its event must be known as long. */
function replayableSeconds({ provider }: Source): number {
  const { toleranceSeconds } = provider.signature;
  return toleranceSeconds === undefined ? 0 : toleranceSeconds + CLOCK_SKEW_MS / 1000;
}

function invalid(
  reason: QuarantineReason,
  issues: readonly Issue[],
  request: RequestOfEvent,
  { name, providerName }: Source,
  eventId?: string,
): Judgement {
  const { body, receivedAt, fromBatch } = request;
  return {
    invalid: {
      source: name,
      provider: providerName,
      reason,
      issues,
      eventId,
      fromBatch,
      receivedAt,
      headers: headersOf(request),
      payload: body,
    },
  };
}

/** What it takes to read the event again. Nothing is read from a header that was sent twice. */
function headersOf({ headers, mediaType }: EventRequest): Record<string, string> {
  const values = [...headers].flatMap(([name, [value, ...others]]) =>
    value === undefined || others.length > 0 ? [] : [[name, value]],
  );
  return { 'content-type': mediaType, ...Object.fromEntries(values) };
}
