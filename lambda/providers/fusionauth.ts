import * as v from 'valibot';
import { jwtSignature } from '../signature/jwt.ts';
import { defineProvider } from './define-provider.ts';
import { epochMilliseconds, ifValid, name, object } from './fields.ts';

/** FusionAuth's signed webhooks. A token in a header holds the hash of the body. */
export const fusionauth = () =>
  defineProvider({
    title: 'FusionAuth',
    documentation: 'https://fusionauth.io/docs/extend/events-and-webhooks/signing',
    signature: jwtSignature({
      header: 'x-fusionauth-signature-jwt',
      algorithms: ['HS256', 'RS256', 'ES256'],
      algorithmSetting: 'algorithm',
      bodyHash: { name: 'request_body_sha256', encoding: 'base64' },
    }),
    settings: {
      algorithm: {
        description: 'The algorithm of the signing key: Settings → Key Master. It is `HS256`, `RS256` or `ES256`.',
        pattern: /^(?:HS256|RS256|ES256)$/,
        example: 'HS256',
      },
    },
    eventIdLabel: 'event.id',
    eventTime: { label: 'event.createInstant', isSigned: true },
    immutable: false,
    schema: object({
      event: v.object({
        id: name(),
        type: ifValid(name()),
        createInstant: ifValid(epochMilliseconds()),
        tenantId: ifValid(name()),
        applicationId: ifValid(name()),
        user: ifValid(v.object({ id: ifValid(name()) })),
      }),
    }),
    event: ({ event: { id, type, createInstant, tenantId, applicationId, user } }) => ({
      id,
      type,
      occurredAt: createInstant,
      data: { tenant_id: tenantId, application_id: applicationId, user_id: user?.id },
    }),
  });
