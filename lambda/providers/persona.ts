import * as v from 'valibot';
import { inFields } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { seconds } from '../signature/signed-time.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, isoTime, name, object } from './fields.ts';

/** Persona's identity verification. While a secret is rotated, its header has a time and a signature for each secret. */
export const persona = () =>
  defineProvider({
    title: 'Persona',
    documentation: 'https://docs.withpersona.com/docs/webhooks-best-practices',
    signature: signedBy({
      carrier: inFields({
        header: 'persona-signature',
        separator: ',',
        setSeparator: ' ',
        timestamp: 't',
        signature: 'v1',
      }),
      signedContent: ({ body }, { timestamp = '' }) => [timestamp, '.', body],
      algorithm: hmac({ encoding: 'hex' }),
      time: { format: seconds, toleranceSeconds: 300 },
    }),
    eventIdLabel: 'data.id',
    eventTime: { label: 'data.attributes.created-at', isSigned: true },
    immutable: false,
    schema: object({
      data: v.object({
        id: name(),
        attributes: ifValid(
          v.object({
            name: ifValid(name()),
            'created-at': ifValid(isoTime()),
            payload: ifValid(v.object({ data: ifValid(v.object({ type: ifValid(name()), id: ifValid(name()) })) })),
          }),
        ),
      }),
    }),
    event({ data: { id, attributes } }) {
      const subject = attributes?.payload?.data;
      return {
        id,
        type: attributes?.name,
        occurredAt: attributes?.['created-at'],
        data: { object_type: subject?.type, object_id: subject?.id },
      };
    },
  });
