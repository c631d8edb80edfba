import type { WebhookEvent } from '../../events/webhook-event.ts';
import type { Issue, ReadEvent } from '../../providers/provider.ts';
import type { Middleware } from '../chain.ts';
import {
  type Parsed,
  type Received,
  type Routed,
  signedRequest,
  type Validated,
  type Verified,
  type WithBody,
} from '../delivery.ts';
import { Problem } from '../problem.ts';

/** How far ahead of ours a provider's clock may be, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000;
/** How many issues a caller is told at most. */
const MAX_ISSUES = 20;
/** How many events a body may hold: more than any provider sends, and what the table takes within the time budget. */
const MAX_EVENTS = 1_000;
/** Room for the source's name beside it in a key of 2048 bytes. */
const MAX_ID_BYTES = 1_024;

/** Validates the events, and picks out what is stored; 422 where one does not match, or lies outside the retention. */
export function validateEvents(): Middleware<Received & Routed & WithBody & Verified & Parsed, Validated> {
  return {
    before(delivery) {
      const reading = delivery.source.provider.read(delivery.parsedBody, signedRequest(delivery));
      if (reading.issues) throw invalid(reading.issues);
      if (reading.events.length > MAX_EVENTS) throw invalid([{ path: '', expected: `at most ${MAX_EVENTS} events` }]);
      return { events: reading.events.map((event) => toWebhookEvent(event, delivery)), isBatch: reading.isBatch };
    },
  };
}

const invalid = (issues: readonly Issue[]) => new Problem('invalid_event', { issues: issues.slice(0, MAX_ISSUES) });

function toWebhookEvent(event: ReadEvent, delivery: Received & Routed & WithBody): WebhookEvent {
  const { source, receivedAt, body } = delivery;
  const { name, provider, providerName, retentionSeconds } = source;
  const { id, type, occurredAt, data, json } = event;
  if (!isEventId(id)) throw invalid([{ path: provider.eventIdLabel, expected: 'event id' }]);
  const { eventTime } = provider;
  if (eventTime?.isChecked && occurredAt !== undefined && !isWithin(retentionSeconds, occurredAt, receivedAt)) {
    throw invalid([{ path: eventTime.label, expected: `time within the last ${retentionSeconds} seconds` }]);
  }
  return {
    source: name,
    provider: providerName,
    id,
    type,
    occurredAt,
    signedAt: eventTime?.isChecked ? occurredAt : undefined,
    receivedAt,
    retentionSeconds,
    immutable: provider.immutable,
    data,
    payload: json === undefined ? body : Buffer.from(json),
  };
}

function isEventId(id: string | undefined): id is string {
  return Boolean(id) && id?.isWellFormed() === true && Buffer.byteLength(id) <= MAX_ID_BYTES;
}

function isWithin(retentionSeconds: number, signedAt: number, now: number): boolean {
  return signedAt <= now + CLOCK_SKEW_MS && signedAt >= now - retentionSeconds * 1000;
}
