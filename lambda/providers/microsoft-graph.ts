import * as v from 'valibot';
import { contentId } from '../signature/content-id.ts';
import { tokenInItems } from '../signature/token-in-items.ts';
import { lazily, maybe, name, text } from './fields.ts';
import type { Guide } from './guide.ts';
import { plainToken } from './handshake.ts';
import { defineProvider } from './provider.ts';

const batch = lazily(() => v.object({ value: v.array(v.record(v.string(), v.unknown())) }));

/** Microsoft Graph: change and lifecycle notifications, which carry the secret instead of a signature. */
export const microsoftGraph = () =>
  defineProvider({
    title: 'Microsoft Graph',
    documentation: 'https://learn.microsoft.com/graph/change-notifications-delivery-webhooks',
    signature: tokenInItems({ list: 'value', field: 'clientState' }),
    // Without the secret, which belongs in no table.
    items: (content) => (v.is(batch(), content) ? content.value.map(({ clientState: _, ...item }) => item) : undefined),
    eventId: 'id',
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

/** For the people who set it up. */
export const guide: Guide = {
  url: '`POST /subscriptions` → `notificationUrl`, and `lifecycleNotificationUrl` where you want those.',
  secret:
    'The `clientState` that you create every subscription of the source with: 32 random bytes as text (255 at most).',
  rotation:
    'A subscription keeps its `clientState`. Put the new one first, then create each subscription anew with it, and ' +
    'delete the old ones within the grace period: nothing is refused.',
  retries: 'Waits 3 s; tries again for up to 4 hours, and slows down or drops notifications of slow endpoints.',
  weaknesses:
    'Nothing is signed: every notification carries the secret itself, so whoever sees one can forge others, and no time ' +
    'is bound to it. Where a notification has no id (drive items, lifecycle), the same words are the same event: a ' +
    'repeated change that is told in the same words is stored once until its item expires. Take such a notification as ' +
    'a hint to ask for the changes (delta query), and ask on a schedule too.',
  notes:
    'The tokens of rich notifications (`validationTokens`) are not checked. `clientState` is left out of what is stored.',
};
