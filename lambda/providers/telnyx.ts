import * as v from 'valibot';
import { ed25519 } from '../signature/asymmetric.ts';
import { inHeaders } from '../signature/carrier.ts';
import { signedBy } from '../signature/signed-by.ts';
import { seconds } from '../signature/signed-time.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, isoTime, name, object } from './fields.ts';

/** Telnyx: events of version 2 of its API. */
export const telnyx = () =>
  defineProvider({
    title: 'Telnyx',
    documentation: 'https://developers.telnyx.com/docs/development/api-fundamentals/webhooks/receiving-webhooks',
    signature: signedBy({
      carrier: inHeaders({ signature: 'telnyx-signature-ed25519', timestamp: 'telnyx-timestamp' }),
      signedContent: ({ body }, { timestamp = '' }) => [timestamp, '|', body],
      algorithm: ed25519({ encoding: 'base64' }),
      // That of its SDK: https://github.com/team-telnyx/telnyx-node/blob/master/src/lib/webhooks.ts
      time: { format: seconds, toleranceSeconds: 300 },
    }),
    eventIdLabel: 'data.id',
    eventTime: { label: 'data.occurred_at', isSigned: true },
    // `meta` counts the attempts.
    immutable: false,
    schema: object({
      data: v.object({
        id: name(),
        event_type: ifValid(name()),
        occurred_at: ifValid(isoTime()),
        payload: ifValid(
          v.object({
            id: ifValid(name()),
            call_session_id: ifValid(name()),
            connection_id: ifValid(name()),
            messaging_profile_id: ifValid(name()),
          }),
        ),
      }),
    }),
    event: ({ data: { id, event_type, occurred_at, payload } }) => ({
      id,
      type: event_type,
      occurredAt: occurred_at,
      data: {
        object_id: payload?.id,
        call_session_id: payload?.call_session_id,
        connection_id: payload?.connection_id,
        messaging_profile_id: payload?.messaging_profile_id,
      },
    }),
  });
