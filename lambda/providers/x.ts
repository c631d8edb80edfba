import * as v from 'valibot';
import { inMatchingHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { isJsonObject, type JsonObject } from '../signature/json-body.ts';
import { signedBy } from '../signature/signed-by.ts';
import { epochMilliseconds, maybe, name } from './fields.ts';
import { jsonAnswer, plainToken } from './handshake.ts';
import { defineProvider } from './provider.ts';

/** Each event of each list that is named after its kind, in a body like X's own with that event alone. */
function eventsOf(content: unknown): JsonObject[] {
  if (!isJsonObject(content)) return [];
  const lists = Object.entries(content).filter(([kind]) => kind.endsWith('_events'));
  return lists.flatMap(([kind, list]) =>
    Array.isArray(list) ? list.map((each) => ({ for_user_id: content.for_user_id, [kind]: [each] })) : [],
  );
}

/** What the schema looks at: the one event of a body, and its kind; or what X says of the app, which is in no list. */
function oneOf(body: JsonObject) {
  const { for_user_id, users: _, apps: __, ...rest } = body;
  const entries = Object.entries(rest);
  const [kind, value] = entries.find(([key]) => key.endsWith('_events')) ?? entries[0] ?? [];
  const event: unknown = Array.isArray(value) ? value[0] : value;
  return { for_user_id, kind, event, digest: contentId(JSON.stringify(event)) };
}

/** Epoch milliseconds, as a number or in digits. */
const time = () => {
  const digits = v.pipe(v.string(), v.regex(/^\d{1,14}$/, 'epoch milliseconds'), v.transform(Number));
  return maybe(v.union([digits, epochMilliseconds()], 'epoch milliseconds'));
};
const dateText = () =>
  v.pipe(
    v.string(),
    v.check((value) => !Number.isNaN(Date.parse(value)), 'date'),
  );
/** Numbers of this size are rounded: X sends each as a string too. */
const idText = () => v.fallback(maybe(name()), undefined);
const user = () => maybe(v.object({ id: idText(), id_str: idText() }));

const xEvent = () =>
  v.object({
    id: idText(),
    id_str: idText(),
    status: maybe(v.object({ id: idText() })),
    created_timestamp: time(),
    timestamp_ms: time(),
    created_at: maybe(dateText()),
    user: user(),
    source: user(),
    message_create: maybe(v.object({ sender_id: idText() })),
  });

const algorithm = hmac({ encoding: 'base64' });

/** X (Twitter): account activity. */
export const x = () =>
  defineProvider({
    title: 'X (Twitter)',
    documentation: 'https://docs.x.com/x-api/webhooks/quickstart',
    signature: signedBy({
      carrier: inMatchingHeaders({
        header: /^x-twitter-webhooks-signature(?:-oauth2)?$/,
        written: () => 'x-twitter-webhooks-signature-oauth2',
        prefix: 'sha256=',
      }),
      algorithm,
    }),
    methods: ['POST', 'GET'],
    items(content) {
      const events = eventsOf(content);
      return events.length > 1 ? events : undefined;
    },
    eventId: 'for_user_id + kind + id',
    signedTime: 'created_timestamp, timestamp_ms or created_at',
    immutable: false,
    schema: v.pipe(
      v.record(v.string(), v.unknown(), 'object'),
      v.transform(oneOf),
      v.object({ for_user_id: maybe(name()), kind: name(), event: v.fallback(xEvent(), {}), digest: v.string() }),
    ),
    event: ({ for_user_id, kind, digest, event }) => ({
      id: [for_user_id, kind, event.id_str ?? event.id ?? event.status?.id ?? digest].join(':'),
      type: kind.replace(/_events$/, ''),
      occurredAt: event.timestamp_ms ?? event.created_timestamp ?? dateOf(event.created_at),
      data: {
        for_user_id,
        user_id: event.user?.id_str ?? event.user?.id ?? event.source?.id ?? event.message_create?.sender_id,
      },
    }),
    handshakes: {
      unsigned({ method, query, secret }) {
        const challenge = plainToken(query.get('crc_token'));
        if (method !== 'GET' || challenge === undefined) return undefined;
        return jsonAnswer({ response_token: `sha256=${algorithm.sign([challenge], secret)}` });
      },
    },
  });

const dateOf = (text: string | undefined) => (text === undefined ? undefined : Date.parse(text));
