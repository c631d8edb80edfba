import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { joinedId } from './event-id.ts';
import { ifValid, isoTime, name, object } from './fields.ts';

const reference = () => ifValid(v.object({ id: ifValid(name()) }));

/** Trello. It signs the body and the URL that it was given, and requests that URL with HEAD first. */
export const trello = () =>
  defineProvider({
    title: 'Trello',
    documentation: 'https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-trello-webhook' }),
      signedContent: ({ body, url }) => [body, url],
      algorithm: hmac({ encoding: 'base64', hash: 'sha1' }),
    }),
    methods: ['POST', 'HEAD'],
    // Each webhook that observes the model of an action sends it, with its own model.
    eventIdLabel: 'action.id + model.id',
    eventTime: { label: 'action.date', isSigned: true },
    immutable: false,
    schema: object({
      action: v.object({
        id: name(),
        type: ifValid(name()),
        date: ifValid(isoTime()),
        idMemberCreator: ifValid(name()),
        data: ifValid(v.object({ board: reference(), list: reference(), card: reference() })),
      }),
      model: reference(),
    }),
    event: ({ action, model }) => ({
      id: joinedId([action.id, model?.id]),
      type: action.type,
      occurredAt: action.date,
      data: {
        model_id: model?.id,
        board_id: action.data?.board?.id,
        list_id: action.data?.list?.id,
        card_id: action.data?.card?.id,
        member_id: action.idMemberCreator,
      },
    }),
    handshakes: { unsigned: ({ method }) => (method === 'HEAD' ? { status: 200, body: '' } : undefined) },
  });
