import * as v from 'valibot';
import { ed25519 } from '../signature/asymmetric.ts';
import { inHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { signedBy } from '../signature/signed-by.ts';
import { seconds } from '../signature/signed-time.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, integer, isoTime, lazily, name, object } from './fields.ts';
import { type Handshake, jsonAnswer, NO_CONTENT } from './handshake.ts';

/** ISO 8601. Discord leaves out the offset of some times, which are then in UTC. */
const utcTime = () =>
  v.pipe(
    v.string('ISO 8601 time'),
    v.transform((text) => (/T[\d:.]+$/.test(text) ? `${text}Z` : text)),
    isoTime(),
  );

/** Discord: webhook events, which are identified by a hash of their body, and interactions, which have an id. */
export const discord = () =>
  defineProvider({
    title: 'Discord',
    documentation: 'https://discord.com/developers/docs/events/webhook-events',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-signature-ed25519', timestamp: 'x-signature-timestamp' }),
      signedContent: ({ body }, { timestamp = '' }) => [timestamp, body],
      algorithm: ed25519({ encoding: 'hex' }),
      time: { format: seconds, toleranceSeconds: 900 },
    }),
    eventIdLabel: 'id',
    eventTime: { label: 'event.timestamp', isSigned: true },
    immutable: false,
    // An event that was answered with a body may be sent again. The reply to an interaction is up to its app.
    acknowledge: ({ parsedBody }) => (v.is(webhookEvent(), parsedBody) ? NO_CONTENT : undefined),
    schema: object({
      id: ifValid(name()),
      type: ifValid(integer()),
      application_id: ifValid(name()),
      guild_id: ifValid(name()),
      event: ifValid(object({ type: ifValid(name()), timestamp: ifValid(utcTime()) })),
    }),
    event: ({ id, type, event, ...data }, { body }) => ({
      id: event ? contentId(body) : id,
      type: event?.type ?? type?.toString(),
      occurredAt: event?.timestamp,
      data: { ...data, type },
    }),
    handshakes: { signed: pong },
  });

const webhookEvent = lazily(() => object({ event: object({}) }));
const ping = () => v.object({ type: v.picklist([0, 1]), event: v.optional(v.undefined()) });

/** Type 0 is the ping of webhook events. Type 1 is the ping of interactions if there is no event, else a webhook event. */
function pong({ content }: Parameters<Handshake>[0]): ReturnType<Handshake> {
  if (!v.is(ping(), content)) return undefined;
  return content.type === 0 ? NO_CONTENT : jsonAnswer({ type: 1 });
}
