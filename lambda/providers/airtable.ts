import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { joinedId } from './event-id.ts';
import { ifValid, isoTime, name, object, valueIfValid } from './fields.ts';
import { NO_CONTENT } from './handshake.ts';

/** Airtable. An event names a webhook that has news; its payloads are fetched from Airtable's API. */
export const airtable = () =>
  defineProvider({
    title: 'Airtable',
    documentation: 'https://airtable.com/developers/web/api/webhooks-overview',
    // In hex, with the secret decoded: https://github.com/gtalarico/pyairtable/blob/main/pyairtable/models/webhook.py
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-airtable-content-mac', prefix: 'hmac-sha256=' }),
      algorithm: hmac({ encoding: 'hex', key: 'base64' }),
    }),
    eventIdLabel: 'webhook.id + timestamp',
    eventTime: { label: 'timestamp', isSigned: true },
    immutable: false,
    // Airtable wants an empty body.
    acknowledge: () => NO_CONTENT,
    schema: object({
      base: ifValid(v.object({ id: ifValid(name()) })),
      webhook: v.object({ id: name() }),
      timestamp: name(),
    }),
    event: ({ base, webhook, timestamp }) => ({
      id: joinedId([webhook.id, timestamp]),
      occurredAt: valueIfValid(isoTime(), timestamp),
      data: { base_id: base?.id, webhook_id: webhook.id },
    }),
  });
