import * as v from 'valibot';
import { contentId } from '../signature/content-id.ts';
import { tokenInItems } from '../signature/token-in-items.ts';
import { lazily, maybe, name, text } from './fields.ts';
import { plainToken } from './handshake.ts';
import { defineProvider } from './provider.ts';

const batch = lazily(() => v.object({ value: v.array(v.record(v.string(), v.unknown())) }));

/** Microsoft Graph: change and lifecycle notifications. They carry the secret instead of a signature. */
export const microsoftGraph = () =>
  defineProvider({
    title: 'Microsoft Graph',
    documentation: 'https://learn.microsoft.com/graph/change-notifications-delivery-webhooks',
    signature: tokenInItems({ list: 'value', field: 'clientState' }),
    // The secret in each item must not be stored.
    items: (content) => (v.is(batch(), content) ? content.value.map(({ clientState: _, ...item }) => item) : undefined),
    eventIdLabel: 'id',
    immutable: false,
    schema: v.object({
      id: maybe(name()),
      subscriptionId: name(),
      changeType: maybe(name()),
      lifecycleEvent: maybe(name()),
      resource: maybe(text(0, 2048)),
      tenantId: maybe(name()),
      resourceData: maybe(v.object({ id: maybe(text(0, 2048)) })),
    }),
    event: ({ id, subscriptionId, changeType, lifecycleEvent, resource, tenantId, resourceData }, { body }) => ({
      id: id ?? contentId(body),
      type: changeType ?? lifecycleEvent,
      data: { subscription_id: subscriptionId, tenant_id: tenantId, resource, resource_id: resourceData?.id },
    }),
    handshakes: {
      unsigned({ query }) {
        const token = plainToken(query.get('validationToken'), 1024);
        return token === undefined ? undefined : { status: 200, body: token };
      },
    },
  });
