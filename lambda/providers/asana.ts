import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { handedOutSecret } from '../signature/handed-out-secret.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { onlyValue } from '../signature/signed-request.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, isoTime, lazily, name, object } from './fields.ts';
import { type HandedOut, type HandOutRequest, handsOut, MAX_UNSIGNED_BODY_BYTES } from './handshake.ts';

const batch = lazily(() => v.object({ events: v.array(v.unknown()) }));

/**
 * The request during the creation of a webhook. Its secret is sent back; an event has a signature in its place.
 * @see https://developers.asana.com/reference/createwebhook
 */
function handedOut({ method, headers, body }: HandOutRequest): HandedOut | undefined {
  const isEvent = method !== 'POST' || headers.has('x-hook-signature') || body.length > MAX_UNSIGNED_BODY_BYTES;
  const secret = isEvent ? undefined : handedOutSecret(onlyValue(headers, 'x-hook-secret'));
  return secret === undefined ? undefined : { secret, response: { status: 200, body: '' }, header: 'X-Hook-Secret' };
}

/** Asana. Its events have no id. The list of events is empty in a heartbeat. */
export const asana = () =>
  defineProvider({
    title: 'Asana',
    documentation: 'https://developers.asana.com/docs/webhooks-guide',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-hook-signature' }),
      algorithm: hmac({ encoding: 'hex' }),
    }),
    items: (content) => (v.is(batch(), content) ? content.events : undefined),
    eventIdLabel: 'a hash of the event',
    eventTime: { label: 'created_at', isSigned: true },
    immutable: false,
    schema: object({
      action: ifValid(name()),
      created_at: ifValid(isoTime()),
      user: ifValid(v.object({ gid: ifValid(name()) })),
      resource: ifValid(
        v.object({ gid: ifValid(name()), resource_type: ifValid(name()), resource_subtype: ifValid(name()) }),
      ),
      parent: ifValid(v.object({ gid: ifValid(name()), resource_type: ifValid(name()) })),
      change: ifValid(v.object({ field: ifValid(name()) })),
    }),
    event: ({ action, created_at, user, resource, parent, change }, { body }) => ({
      id: contentId(body),
      type: [resource?.resource_type, action].filter(Boolean).join('.') || undefined,
      occurredAt: created_at,
      data: {
        user: user?.gid,
        resource: resource?.gid,
        resource_subtype: resource?.resource_subtype,
        parent: parent?.gid,
        parent_type: parent?.resource_type,
        field: change?.field,
      },
    }),
    handshakes: {
      handOut: handsOut({
        read: handedOut,
        check: "Compare it with X-Hook-Secret in the response of Asana's API to the request that created the webhook.",
      }),
    },
  });
