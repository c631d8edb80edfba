import type { WebhookEvent } from '../../lambda/events/webhook-event.ts';
import type { InvalidEvent } from '../../lambda/quarantine/quarantine-item.ts';
import type { Judgement } from '../../lambda/storage/judgement.ts';
import { NOW } from './generic-event.ts';

/** A valid event of the source `partner`, with these fields. */
export function validEvent(fields: Partial<WebhookEvent> = {}): Extract<Judgement, { valid: unknown }> {
  const payload = fields.payload ?? Buffer.from('{"event_id":"evt_1"}');
  return {
    valid: {
      source: 'partner',
      provider: 'generic',
      id: 'evt_1',
      type: 'invoice.paid',
      occurredAt: NOW - 1_000,
      signedAt: NOW - 1_000,
      receivedAt: NOW,
      lifeSeconds: 86_400,
      immutable: true,
      data: { user_id: 'user_42' },
      headers: { 'content-type': 'application/json' },
      ...fields,
      payload,
    },
  };
}

/** An invalid event of the source `partner`, with these fields. */
export function invalidEvent(fields: Partial<InvalidEvent> = {}): Extract<Judgement, { invalid: unknown }> {
  return {
    invalid: {
      source: 'partner',
      provider: 'generic',
      reason: 'not_utf8',
      issues: [],
      receivedAt: NOW,
      headers: { 'content-type': 'application/json' },
      payload: Buffer.from([0xff, 0xfe]),
      ...fields,
    },
  };
}
