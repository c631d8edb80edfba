import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, isoTime, name, object } from './fields.ts';

/** Square. It signs the URL that it was given, and the body. */
export const square = () =>
  defineProvider({
    title: 'Square',
    documentation: 'https://developer.squareup.com/docs/webhooks/step3validate',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-square-hmacsha256-signature' }),
      signedContent: ({ url, body }) => [url, body],
      algorithm: hmac({ encoding: 'base64' }),
    }),
    eventIdLabel: 'event_id',
    eventTime: { label: 'created_at', isSigned: true },
    immutable: false,
    schema: object({
      event_id: name(),
      type: ifValid(name()),
      created_at: ifValid(isoTime()),
      merchant_id: ifValid(name()),
      location_id: ifValid(name()),
      data: ifValid(v.object({ type: ifValid(name()), id: ifValid(name()) })),
    }),
    event: ({ event_id, type, created_at, data, ...rest }) => ({
      id: event_id,
      type,
      occurredAt: created_at,
      data: { ...rest, object_type: data?.type, object_id: data?.id },
    }),
  });
