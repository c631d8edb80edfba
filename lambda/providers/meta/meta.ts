import * as v from 'valibot';
import { inHeaders } from '../../signature/carrier.ts';
import { contentId } from '../../signature/content-id.ts';
import { hmac } from '../../signature/hmac.ts';
import { isJsonObject } from '../../signature/json-body.ts';
import { signedBy } from '../../signature/signed-by.ts';
import { isSameText } from '../../signature/token.ts';
import { defineProvider } from '../define-provider.ts';
import { joinedId, withNumbersAsText } from '../event-id.ts';
import { lazily } from '../fields.ts';
import { type Handshake, plainToken } from '../handshake.ts';
import { inAscii } from './in-ascii.ts';
import { entryBody } from './meta-entry.ts';
import type { MetaEvent } from './meta-event.ts';
import { metaItems } from './meta-items.ts';
import { threadsBody } from './meta-threads.ts';

/** Sends the challenge back, as plain text, if the verify token is the source's. */
const verify: Handshake = ({ method, query, settings }) => {
  const token = query.get('hub.verify_token');
  if (method !== 'GET' || query.get('hub.mode') !== 'subscribe' || !settings.verifyToken || !token) return undefined;
  if (!isSameText(token, settings.verifyToken)) return undefined;
  const challenge = plainToken(query.get('hub.challenge'));
  return challenge === undefined ? undefined : { status: 200, body: challenge };
};

const ofEntries = lazily(entryBody);
const ofThreads = lazily(threadsBody);
const body = () => v.lazy((content) => (isOfThreads(content) ? ofThreads() : ofEntries()));

const isOfThreads = (content: unknown) => isJsonObject(content) && !('entry' in content) && 'values' in content;

/** Meta: WhatsApp, Messenger, Instagram and its other products. Their bodies hold several events. */
export const meta = () =>
  defineProvider({
    title: 'Meta',
    documentation: 'https://developers.facebook.com/docs/graph-api/webhooks/getting-started',
    signature: inAscii(
      signedBy({
        carrier: inHeaders({ signature: 'x-hub-signature-256', prefix: 'sha256=' }),
        algorithm: hmac({ encoding: 'hex' }),
      }),
    ),
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
    schema: body(),
    event: ({ identity, type, time, data, ...event }, { body }) => ({
      id: identity ? joinedId(identity) : hashOf(event, body),
      type,
      occurredAt: time,
      data,
    }),
    handshakes: { unsigned: verify },
  });

const HOUR_MS = 3_600_000;

/**
 * An id for an event that has none. A retry may have another time of sending, so that time is left out of the hash. Events
 * without another time may come in the same words again, such as a phone number that is flagged twice: they are different
 * events if they were sent in different hours.
 */
function hashOf({ isTimed, sentAt }: Pick<MetaEvent, 'isTimed' | 'sentAt'>, body: Buffer): string {
  const hour = isTimed || sentAt === undefined ? undefined : Math.floor(sentAt / HOUR_MS);
  return contentId(JSON.stringify(withoutTime(withNumbersAsText(body))), hour);
}

/** The time of sending is a field of the entry; in a body of Threads, of the body. */
function withoutTime(content: unknown): unknown {
  if (!isJsonObject(content)) return content;
  const { time: _, entry, ...rest } = content;
  return Array.isArray(entry) ? { ...rest, entry: entry.map(withoutTime) } : rest;
}
