import * as v from 'valibot';
import { contentId } from '../signature/content-id.ts';
import { tokenInItems } from '../signature/token-in-items.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, lazily, name, object, text } from './fields.ts';
import { plainToken } from './handshake.ts';
import type { EventRequest } from './provider.ts';

const MINUTE_MS = 60_000;

/**
 * An id for a notification that has none. Different events may come in the same words, so the same words are one event
 * only if they arrive within the same minute of the clock.
 */
const idOfMinute = ({ body, receivedAt }: EventRequest) => contentId(body, Math.floor(receivedAt / MINUTE_MS));

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
    schema: object({
      id: ifValid(name()),
      subscriptionId: ifValid(name()),
      changeType: ifValid(name()),
      lifecycleEvent: ifValid(name()),
      resource: ifValid(text(0, 4_096)),
      tenantId: ifValid(name()),
      resourceData: ifValid(v.object({ id: ifValid(text(0, 4_096)) })),
    }),
    event: ({ id, subscriptionId, changeType, lifecycleEvent, resource, tenantId, resourceData }, request) => ({
      id: id ?? idOfMinute(request),
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
