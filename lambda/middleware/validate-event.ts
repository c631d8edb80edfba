import type { WebhookEvent } from '../events/webhook-event.ts';
import type { Issue, ProviderEvent } from '../providers/provider.ts';
import type { Delivery, DeliveryMiddleware } from './delivery.ts';
import { Problem } from './problem.ts';

/** How far ahead of ours a provider's clock may be, in milliseconds. */
const CLOCK_SKEW_MS = 5 * 60_000;
/** How many issues a caller is told at most. */
const MAX_ISSUES = 20;

/** Validates the event, and picks out what is stored; 422 where it does not match, or lies outside the retention. */
export function validateEvent(): DeliveryMiddleware {
  return {
    before({ event: delivery }) {
      const { source, content, headers } = delivery;
      const reading = source.provider.read(content, headers);
      if (reading.issues) throw invalid(reading.issues);
      delivery.event = toWebhookEvent(reading.event, delivery);
    },
  };
}

const invalid = (issues: readonly Issue[]) => new Problem('invalid_event', { issues: issues.slice(0, MAX_ISSUES) });

function toWebhookEvent(event: ProviderEvent, { source, receivedAt, body }: Delivery): WebhookEvent {
  const { name, provider, providerName, retentionSeconds } = source;
  if (!event.id) throw invalid([{ path: provider.eventId, expected: 'event id' }]);
  const signedAt = provider.signedTime ? event.occurredAt : undefined;
  if (signedAt !== undefined && !isWithin(retentionSeconds, signedAt, receivedAt)) {
    throw invalid([{ path: provider.signedTime ?? '', expected: `time within the last ${retentionSeconds} seconds` }]);
  }
  return {
    source: name,
    provider: providerName,
    id: event.id,
    type: event.type,
    occurredAt: event.occurredAt,
    signedAt,
    receivedAt,
    retentionSeconds,
    immutable: provider.immutable,
    data: event.data,
    payload: body,
  };
}

function isWithin(retentionSeconds: number, signedAt: number, now: number): boolean {
  return signedAt <= now + CLOCK_SKEW_MS && signedAt >= now - retentionSeconds * 1000;
}
