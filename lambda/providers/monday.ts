import * as v from 'valibot';
import { jsonValue } from '../signature/json-body.ts';
import { jwtSignature } from '../signature/jwt.ts';
import { defineProvider } from './define-provider.ts';
import { joinedId } from './event-id.ts';
import { ifValid, isoTime, lazily, name, object, textOrInteger } from './fields.ts';
import { type Handshake, jsonAnswer, MAX_UNSIGNED_BODY_BYTES, plainToken } from './handshake.ts';

const challenge = lazily(() => v.strictObject({ challenge: v.string() }));

/** @see https://developer.monday.com/api-reference/docs/webhooks#url-verification */
const answerChallenge: Handshake = ({ method, body }) => {
  const content = method === 'POST' && body.length <= MAX_UNSIGNED_BODY_BYTES ? jsonValue(body) : undefined;
  const token = v.is(challenge(), content) ? plainToken(content.challenge) : undefined;
  return token === undefined ? undefined : jsonAnswer({ challenge: token });
};

/** monday.com: webhooks that an app has created. A token proves who sent a request, but covers no part of the body. */
export const monday = () =>
  defineProvider({
    title: 'monday.com',
    documentation: 'https://developer.monday.com/apps/docs/integration-authorization',
    signature: jwtSignature({ header: 'authorization', algorithms: ['HS256'], lifetimeSeconds: 300 }),
    eventIdLabel: 'event.subscriptionId + event.triggerUuid',
    eventTime: { label: 'event.triggerTime', isSigned: false },
    immutable: false,
    schema: object({
      event: v.object({
        triggerUuid: name(),
        subscriptionId: ifValid(textOrInteger()),
        type: ifValid(name()),
        triggerTime: ifValid(isoTime()),
        userId: ifValid(textOrInteger()),
        boardId: ifValid(textOrInteger()),
        pulseId: ifValid(textOrInteger()),
        columnId: ifValid(name()),
      }),
    }),
    event: ({ event: { triggerUuid, subscriptionId, type, triggerTime, userId, boardId, pulseId, columnId } }) => ({
      id: joinedId([subscriptionId, triggerUuid]),
      type,
      occurredAt: triggerTime,
      data: { user_id: userId, board_id: boardId, item_id: pulseId, column_id: columnId },
    }),
    handshakes: { unsigned: answerChallenge },
  });
