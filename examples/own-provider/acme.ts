import * as v from 'valibot';
import { defineProvider, header, hmac, inHeaders, signedBy } from 'webhook-inbox/provider';

/** Acme: signs each body with HMAC-SHA256, and sends one event per request. */
export const provider = defineProvider({
  title: 'Acme',
  documentation: 'https://acme.example/docs/webhooks',
  signature: signedBy({
    carrier: inHeaders({ signature: 'acme-signature', prefix: 'sha256=' }),
    algorithm: hmac({ encoding: 'hex' }),
  }),
  settings: { account: { description: 'Your account.', pattern: /^acct_\d+$/, example: 'acct_7', isOptional: true } },
  eventHeaders: ['acme-event'],
  eventIdLabel: 'id',
  immutable: true,
  schema: v.object({ id: v.string(), order: v.object({ total: v.number() }) }),
  event: ({ id, order }, { headers }) => ({ id, type: header(headers, 'acme-event'), data: { total: order.total } }),
  samples: {
    'order-paid': {
      headers: { 'content-type': 'application/json', 'acme-event': 'order.paid' },
      body: '{"id":"{{id:ord_1001}}","order":{"total":42}}',
    },
  },
});
