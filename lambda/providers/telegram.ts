import * as v from 'valibot';
import type { JsonObject } from '../signature/json-body.ts';
import { tokenInHeader } from '../signature/token-in-header.ts';
import { defineProvider } from './define-provider.ts';
import { epochSeconds, ifValid, integer, name } from './fields.ts';

/** An update has its id, and the object that it is about under the name of its kind. */
function ofKind({ update_id, ...others }: JsonObject) {
  const [[kind, content] = []] = Object.entries(others);
  return { update_id, kind, content };
}

const withId = () => ifValid(v.object({ id: ifValid(integer()) }));

/**
 * Telegram's Bot API. Each update carries the secret instead of a signature.
 * @see https://core.telegram.org/bots/api#update
 */
export const telegram = () =>
  defineProvider({
    title: 'Telegram',
    documentation: 'https://core.telegram.org/bots/api#setwebhook',
    signature: tokenInHeader('x-telegram-bot-api-secret-token'),
    eventIdLabel: 'update_id',
    eventTime: { label: 'message.date', isSigned: false },
    immutable: false,
    schema: v.pipe(
      v.record(v.string(), v.unknown(), 'JSON object'),
      v.transform(ofKind),
      v.object({
        update_id: integer(),
        kind: ifValid(name()),
        content: ifValid(
          v.object({
            date: ifValid(epochSeconds()),
            message_id: ifValid(integer()),
            chat: withId(),
            from: withId(),
          }),
        ),
      }),
    ),
    event: ({ update_id, kind, content }) => ({
      id: String(update_id),
      type: kind,
      occurredAt: content?.date,
      data: { chat_id: content?.chat?.id, user_id: content?.from?.id, message_id: content?.message_id },
    }),
  });
