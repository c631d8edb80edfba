import * as v from 'valibot';
import { inHeaderParts } from '../signature/header-parts.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, isoTime, name, object } from './fields.ts';

/** PagerDuty's webhooks, version 3. While a secret is rotated, a request has a signature for each secret. */
export const pagerduty = () =>
  defineProvider({
    title: 'PagerDuty',
    documentation: 'https://developer.pagerduty.com/docs/ZG9jOjExMDI5NTkz-verifying-signatures',
    signature: signedBy({
      carrier: inHeaderParts({ headers: ['x-pagerduty-signature'], prefix: 'v1=', separators: [','] }),
      algorithm: hmac({ encoding: 'hex' }),
    }),
    eventIdLabel: 'event.id',
    eventTime: { label: 'event.occurred_at', isSigned: true },
    immutable: false,
    schema: object({
      event: v.object({
        id: name(),
        event_type: ifValid(name()),
        resource_type: ifValid(name()),
        occurred_at: ifValid(isoTime()),
        agent: ifValid(v.object({ id: ifValid(name()) })),
        data: ifValid(v.object({ id: ifValid(name()), status: ifValid(name()) })),
      }),
    }),
    event: ({ event: { id, event_type, resource_type, occurred_at, agent, data } }) => ({
      id,
      type: event_type,
      occurredAt: occurred_at,
      data: { resource_type, resource_id: data?.id, status: data?.status, agent_id: agent?.id },
    }),
  });
