import * as v from 'valibot';
import { ed25519 } from '../signature/asymmetric.ts';
import { inHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { signedBy } from '../signature/signed-by.ts';
import { seconds } from '../signature/signed-time.ts';
import { integer, maybe, name } from './fields.ts';
import { type Handshake, jsonAnswer } from './handshake.ts';
import { defineProvider } from './provider.ts';

/** ISO 8601 in UTC, which Discord does not always say. */
const utcTime = () =>
  v.pipe(
    v.string('ISO 8601 time'),
    v.check((text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)?$/.test(text), 'ISO 8601 time'),
    v.transform((text) => Date.parse(/T[\d:.]+$/.test(text) ? `${text}Z` : text)),
    v.check((time) => !Number.isNaN(time), 'ISO 8601 time'),
  );

/** Discord: webhook events, which are told apart by what they say, and interactions, which have an id. */
export const discord = () =>
  defineProvider({
    title: 'Discord',
    documentation: 'https://discord.com/developers/docs/events/webhook-events',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-signature-ed25519', timestamp: 'x-signature-timestamp' }),
      content: ({ body }, { timestamp = '' }) => [timestamp, body],
      algorithm: ed25519({ encoding: 'hex' }),
      time: { format: seconds, toleranceSeconds: 900 },
    }),
    eventId: 'id',
    signedTime: 'event.timestamp',
    immutable: false,
    schema: v.object({
      id: maybe(name()),
      type: integer(),
      application_id: maybe(name()),
      guild_id: maybe(name()),
      event: maybe(v.object({ type: name(), timestamp: maybe(utcTime()) })),
    }),
    event: ({ id, type, event, ...data }, { body }) => ({
      id: event ? contentId(body) : id,
      type: event?.type ?? String(type),
      occurredAt: event?.timestamp,
      data: { ...data, type },
    }),
    handshakes: { signed: pong },
  });

const ping = () => v.object({ type: v.picklist([0, 1]), event: v.optional(v.undefined()) });

/** Type 0 is the ping of webhook events, whose events are of type 1; that is the ping of interactions, without event. */
function pong({ content }: Parameters<Handshake>[0]): ReturnType<Handshake> {
  if (!v.is(ping(), content)) return undefined;
  return content.type === 0 ? { status: 204, body: '' } : jsonAnswer({ type: 1 });
}
