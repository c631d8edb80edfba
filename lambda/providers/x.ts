import * as v from 'valibot';
import { inMatchingHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { isJsonObject, type JsonObject } from '../signature/json-body.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { epochMilliseconds, ifValid, name } from './fields.ts';
import { jsonAnswer, plainToken } from './handshake.ts';

/** Characters of the JSON of a user's id: more than a name may have. */
const MAX_USER_ID = 1_024;

/** A body for each event. X sends lists of events, each list under the name of its kind. */
function eventsOf(content: unknown): JsonObject[] {
  if (!isJsonObject(content)) return [];
  const lists = Object.entries(content).filter(([kind]) => kind.endsWith('_events'));
  const { for_user_id } = content;
  // A longer one is no id, and would be repeated for each event.
  const repeated = (JSON.stringify(for_user_id) ?? '').length <= MAX_USER_ID ? { for_user_id } : {};
  return lists.flatMap(([kind, list]) =>
    Array.isArray(list) ? list.map((each) => ({ ...repeated, [kind]: [each] })) : [],
  );
}

/**
 * The kind of a body and its one event. The X Activity API and filtered streams send the event in `data`. A notification
 * about the app is not in a list either, so it is the event itself.
 */
function oneOf(body: JsonObject) {
  const { for_user_id, users: _, apps: __, ...rest } = body;
  const entries = Object.entries(rest);
  const [kind, value] =
    entries.find(([key]) => key.endsWith('_events')) ?? entries.find(([key]) => key === 'data') ?? entries[0] ?? [];
  const event: unknown = Array.isArray(value) ? value[0] : value;
  return { for_user_id, kind, event, digest: contentId(JSON.stringify(event)) };
}

/** Epoch milliseconds, as a number or in digits. */
const time = () => {
  const digits = v.pipe(v.string(), v.regex(/^\d{1,14}$/, 'epoch milliseconds'), v.transform(Number));
  return ifValid(v.union([digits, epochMilliseconds()], 'epoch milliseconds'));
};
/** Any date that JavaScript parses, such as `Mon Nov 23 10:14:02 +0000 2026`. The output is in epoch milliseconds. */
const date = () =>
  v.pipe(
    v.string(),
    v.transform(Date.parse),
    v.check((time) => !Number.isNaN(time), 'date'),
  );
/** An id as text. JavaScript rounds numbers of this size, so X sends each of them as text too. */
const textId = () => ifValid(name());
const user = () => ifValid(v.object({ id: textId(), id_str: textId() }));

const xEvent = () =>
  v.object({
    event_uuid: textId(),
    event_type: ifValid(name()),
    filter: ifValid(v.object({ user_id: textId() })),
    id: textId(),
    id_str: textId(),
    status: ifValid(v.object({ id: textId() })),
    created_timestamp: time(),
    timestamp_ms: time(),
    created_at: ifValid(date()),
    user: user(),
    source: user(),
    message_create: ifValid(v.object({ sender_id: textId() })),
  });

const algorithm = hmac({ encoding: 'base64' });

/** White space before the object; X sends none. */
const MAX_WHITE_SPACE = 64;

/** Whether a body could be a JSON object. The challenges that the handshake signs never could. */
const mayBeObject = (body: Buffer) => body.toString('latin1', 0, MAX_WHITE_SPACE).trimStart().startsWith('{');

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
      // The handshake signs text that anyone may choose, with the same key. Such a signature must not count for a body.
      signedContent: ({ body }) => (mayBeObject(body) ? [body] : undefined),
      algorithm,
    }),
    methods: ['POST', 'GET'],
    items(content) {
      const events = eventsOf(content);
      return events.length > 1 ? events : undefined;
    },
    eventIdLabel: 'event_uuid, else for_user_id + kind + id',
    eventTime: { label: 'created_timestamp, timestamp_ms or created_at', isSigned: true },
    immutable: false,
    schema: v.pipe(
      v.record(v.string(), v.unknown(), 'object'),
      v.transform(oneOf),
      v.object({ for_user_id: ifValid(name()), kind: name(), event: v.fallback(xEvent(), {}), digest: v.string() }),
    ),
    event: ({ for_user_id, kind, digest, event }) => ({
      id: event.event_uuid ?? [for_user_id, kind, event.id_str ?? event.id ?? event.status?.id ?? digest].join(':'),
      type: event.event_type ?? kind.replace(/_events$/, ''),
      occurredAt: event.timestamp_ms ?? event.created_timestamp ?? event.created_at,
      data: {
        for_user_id: for_user_id ?? event.filter?.user_id,
        user_id: event.user?.id_str ?? event.user?.id ?? event.source?.id ?? event.message_create?.sender_id,
      },
    }),
    handshakes: {
      signsChallenge: true,
      unsigned({ method, query, secret }) {
        const challenge = plainToken(query.get('crc_token'));
        if (method !== 'GET' || challenge === undefined) return undefined;
        return jsonAnswer({ response_token: `sha256=${algorithm.sign([challenge], secret)}` });
      },
    },
  });
