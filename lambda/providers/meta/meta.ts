import * as v from 'valibot';
import { inHeaders } from '../../signature/carrier.ts';
import { contentId } from '../../signature/content-id.ts';
import { hmac } from '../../signature/hmac.ts';
import { signedBy } from '../../signature/signed-by.ts';
import { isSameText } from '../../signature/token.ts';
import { name } from '../fields.ts';
import { type Handshake, plainToken } from '../handshake.ts';
import { defineProvider } from '../provider.ts';
import { metaItem } from './meta-item.ts';
import { metaItems } from './meta-items.ts';

/** Sends the challenge back, as plain text, if the verify token is the source's. */
const verify: Handshake = ({ method, query, settings }) => {
  const token = query.get('hub.verify_token');
  if (method !== 'GET' || query.get('hub.mode') !== 'subscribe' || !settings.verifyToken || !token) return undefined;
  if (!isSameText(token, settings.verifyToken)) return undefined;
  const challenge = plainToken(query.get('hub.challenge'));
  return challenge === undefined ? undefined : { status: 200, body: challenge };
};

/** Meta: WhatsApp, Messenger, Instagram and its other products. Their bodies hold several events. */
export const meta = () =>
  defineProvider({
    title: 'Meta',
    documentation: 'https://developers.facebook.com/docs/graph-api/webhooks/getting-started',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-hub-signature-256', prefix: 'sha256=' }),
      algorithm: hmac({ encoding: 'hex' }),
    }),
    settings: {
      verifyToken: {
        description: 'The Verify token, which you choose, and enter beside the Callback URL.',
        pattern: /^[\x21-\x7e]{8,256}$/,
        example: 'a-verify-token-of-your-choice',
      },
    },
    methods: ['GET', 'POST'],
    items: metaItems,
    eventIdLabel: 'entry',
    eventTime: { label: 'entry', isSigned: true },
    immutable: false,
    schema: v.object({ object: name(), entry: v.tuple([metaItem()]) }),
    event: ({ object, entry: [{ account, id, kind, time, data }] }, { body }) => ({
      id: id ?? contentId(body),
      type: `${object}.${kind}`,
      occurredAt: time,
      data: { account, ...data },
    }),
    handshakes: { unsigned: verify },
  });
