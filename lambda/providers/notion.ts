import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { handedOutSecret } from '../signature/handed-out-secret.ts';
import { hmac } from '../signature/hmac.ts';
import { jsonValue } from '../signature/json-body.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, isoTime, lazily, name, object } from './fields.ts';
import { type HandedOut, type HandOutRequest, handsOut, MAX_UNSIGNED_BODY_BYTES } from './handshake.ts';

const verification = lazily(() => v.strictObject({ verification_token: v.string() }));

/**
 * The request after a subscription was created. Somebody must paste its token into Notion.
 * @see https://developers.notion.com/reference/webhooks#step-2-verifying-the-subscription
 */
function handedOut({ method, body }: HandOutRequest): HandedOut | undefined {
  const content = method === 'POST' && body.length <= MAX_UNSIGNED_BODY_BYTES ? jsonValue(body) : undefined;
  const secret = v.is(verification(), content) ? handedOutSecret(content.verification_token) : undefined;
  return secret === undefined ? undefined : { secret, response: { status: 200, body: '' } };
}

/** Notion. An event names what has changed, without the content. */
export const notion = () =>
  defineProvider({
    title: 'Notion',
    documentation: 'https://developers.notion.com/reference/webhooks',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-notion-signature', prefix: 'sha256=' }),
      algorithm: hmac({ encoding: 'hex' }),
    }),
    eventIdLabel: 'id',
    eventTime: { label: 'timestamp', isSigned: true },
    // Each attempt has its number.
    immutable: false,
    schema: object({
      id: name(),
      timestamp: ifValid(isoTime()),
      type: ifValid(name()),
      workspace_id: ifValid(name()),
      subscription_id: ifValid(name()),
      integration_id: ifValid(name()),
      entity: ifValid(v.object({ id: ifValid(name()), type: ifValid(name()) })),
    }),
    event: ({ id, timestamp, type, workspace_id, subscription_id, integration_id, entity }) => ({
      id,
      type,
      occurredAt: timestamp,
      data: { workspace_id, subscription_id, integration_id, entity_id: entity?.id, entity_type: entity?.type },
    }),
    handshakes: {
      handOut: handsOut({
        read: handedOut,
        check: 'Paste it into Notion, at Verify subscription. Notion accepts only its own token.',
      }),
    },
  });
