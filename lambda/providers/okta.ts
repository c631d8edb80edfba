import * as v from 'valibot';
import { onlyValue } from '../signature/signed-request.ts';
import { tokenInHeader } from '../signature/token-in-header.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, isoTime, lazily, name, object, text } from './fields.ts';
import { jsonAnswer, NO_CONTENT, plainToken } from './handshake.ts';

const batch = lazily(() => v.object({ data: v.object({ events: v.array(v.unknown()) }) }));

/** Okta's event hooks. They carry the secret instead of a signature. */
export const okta = () =>
  defineProvider({
    title: 'Okta',
    documentation: 'https://developer.okta.com/docs/concepts/event-hooks/',
    signature: tokenInHeader('authorization'),
    methods: ['POST', 'GET'],
    items: (content) => (v.is(batch(), content) ? content.data.events : undefined),
    eventIdLabel: 'uuid',
    eventTime: { label: 'published', isSigned: false },
    immutable: false,
    acknowledge: () => NO_CONTENT,
    schema: object({
      uuid: name(),
      eventType: ifValid(name()),
      published: ifValid(isoTime()),
      severity: ifValid(name()),
      actor: ifValid(v.object({ id: ifValid(text(1, 1_024)) })),
      outcome: ifValid(v.object({ result: ifValid(name()) })),
    }),
    event: ({ uuid, eventType, published, severity, actor, outcome }) => ({
      id: uuid,
      type: eventType,
      occurredAt: published,
      data: { severity, actor_id: actor?.id, outcome: outcome?.result },
    }),
    handshakes: {
      signed({ method, headers }) {
        const verification = plainToken(onlyValue(headers, 'x-okta-verification-challenge'));
        return method === 'GET' && verification !== undefined ? jsonAnswer({ verification }) : undefined;
      },
    },
  });
