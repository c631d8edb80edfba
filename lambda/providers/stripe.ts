import * as v from 'valibot';
import { inFields } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { seconds } from '../signature/signed-time.ts';
import { defineProvider } from './define-provider.ts';
import { epochSeconds, ifValid, isoTime, name, object } from './fields.ts';

/** Stripe: events of version 1, and thin events of version 2, whose times are in ISO 8601. */
export const stripe = () =>
  defineProvider({
    title: 'Stripe',
    documentation: 'https://docs.stripe.com/webhooks#verify-manually',
    signature: signedBy({
      carrier: inFields({ header: 'stripe-signature', separator: ',', timestamp: 't', signature: 'v1' }),
      signedContent: ({ body }, { timestamp = '' }) => [timestamp, '.', body],
      algorithm: hmac({ encoding: 'hex' }),
      time: { format: seconds, toleranceSeconds: 300 },
    }),
    eventIdLabel: 'id',
    eventTime: { label: 'created', isSigned: true },
    immutable: false,
    schema: object({
      id: name(),
      type: ifValid(name()),
      created: ifValid(v.union([epochSeconds(), isoTime()])),
      livemode: ifValid(v.boolean()),
      api_version: ifValid(name()),
      account: ifValid(name()),
      data: ifValid(v.object({ object: ifValid(v.object({ id: ifValid(name()) })) })),
    }),
    event: ({ id, type, created, data, ...rest }) => ({
      id,
      type,
      occurredAt: created,
      data: { ...rest, object_id: data?.object?.id },
    }),
  });
