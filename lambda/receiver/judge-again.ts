import type { WebhookEvent } from '../events/webhook-event.ts';
import type { EventRequest } from '../providers/provider.ts';
import type { InvalidEvent } from '../quarantine/quarantine-item.ts';
import type { Judgement } from '../storage/judgement.ts';
import { type JudgeOptions, judgeBatchEvent, judgeEvents, lifeSeconds } from './judge-events.ts';
import { parsePayload } from './parse-payload.ts';
import type { Source } from './source.ts';

/** A body, or one event of a body that held several, as it is kept in quarantine. */
export type QuarantinedPayload = Pick<InvalidEvent, 'payload' | 'headers' | 'receivedAt' | 'eventId' | 'fromBatch'>;

/** How a quarantined payload is judged. */
export interface JudgeAgainOptions extends JudgeOptions {
  /** The source, as it is configured now. */
  readonly source: Source;
  readonly now: number;
}

/**
 * Judges a payload in quarantine by the same parsing and validation as a delivery. Its events are read as they were
 * delivered, since an event id may depend on the time of the delivery, and are judged as of now.
 * @returns one judgement per event: several, if the payload is a body in which several events are found now
 */
export function judgeAgain(quarantined: QuarantinedPayload, options: JudgeAgainOptions): readonly Judgement[] {
  const { source, ...judging } = options;
  const { payload, fromBatch, eventId: knownId } = quarantined;
  const request = requestOf(quarantined);
  const { mediaType } = request;
  if (!fromBatch) {
    const parsed = parsePayload(payload, { ...source.provider, mediaType });
    return judgeEvents(parsed, request, source, judging).judgements;
  }
  const parsed = parsePayload(payload, { mediaType: JSON_TYPE, hasItems: false });
  return [judgeBatchEvent(parsed, request, source, { ...judging, knownId })];
}

const JSON_TYPE = 'application/json';

/** The payload's signature was verified when it was delivered; events are read from nothing else that is missing here. */
function requestOf({ payload, headers, receivedAt }: QuarantinedPayload): EventRequest {
  const { 'content-type': mediaType = JSON_TYPE, ...eventHeaders } = headers;
  return {
    method: 'POST',
    url: '',
    query: new URLSearchParams(),
    headers: new Map(Object.entries(eventHeaders).map(([name, value]) => [name, [value]])),
    mediaType,
    body: payload,
    receivedAt,
  };
}

/**
 * An invalid event that an operator accepts as it is. Its id is its event id, or the payload's SHA-256 if nothing
 * identifies it; its schema picks no data.
 * @param sha256 hex SHA-256 of the payload
 */
export function acceptedAsIs(invalid: InvalidEvent, sha256: string, source: Source): WebhookEvent {
  const { eventId, fromBatch, receivedAt, headers, payload } = invalid;
  return {
    source: source.name,
    provider: source.providerName,
    id: eventId ?? sha256,
    type: undefined,
    occurredAt: undefined,
    signedAt: undefined,
    receivedAt,
    lifeSeconds: lifeSeconds(source),
    immutable: true,
    fromBatch,
    origin: 'accepted',
    data: {},
    headers,
    payload,
  };
}
