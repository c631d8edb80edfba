import type { WebhookEvent } from '../events/webhook-event.ts';
import type { InvalidEvent } from '../quarantine/quarantine-item.ts';

/** A valid event, or what is wrong with it. */
export type Judgement = { readonly valid: WebhookEvent } | { readonly invalid: InvalidEvent };

/** The event id of a judged event; undefined if nothing identifies it. */
export function eventIdOf(judgement: Judgement): string | undefined {
  return 'valid' in judgement ? judgement.valid.id : judgement.invalid.eventId;
}
