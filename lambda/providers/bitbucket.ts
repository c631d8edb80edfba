import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { header, ifValid, isoTime, name, object } from './fields.ts';

/**
 * Bitbucket Cloud and Data Center. The id of a request is the same in each attempt.
 * @see https://support.atlassian.com/bitbucket-cloud/docs/event-payloads/#HTTP-headers
 * @see https://confluence.atlassian.com/bitbucketserver/event-payload-938025882.html#Eventpayload-HTTPheaders
 */
export const bitbucket = () =>
  defineProvider({
    title: 'Bitbucket',
    documentation: 'https://support.atlassian.com/bitbucket-cloud/docs/manage-webhooks/#Secure-webhooks',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-hub-signature', prefix: 'sha256=' }),
      algorithm: hmac({ encoding: 'hex' }),
    }),
    eventHeaders: ['x-event-key', 'x-hook-uuid', 'x-request-id', 'x-request-uuid'],
    eventIdLabel: 'X-Request-UUID, else X-Request-Id',
    eventTime: { label: 'date', isSigned: true },
    immutable: false,
    schema: object({
      date: ifValid(isoTime()),
      actor: ifValid(v.object({ uuid: ifValid(name()), name: ifValid(name()) })),
      repository: ifValid(v.object({ full_name: ifValid(name()), slug: ifValid(name()) })),
    }),
    event: ({ date, actor, repository }, { headers }) => ({
      // The second one is Data Center's.
      id: header(headers, 'x-request-uuid') ?? header(headers, 'x-request-id'),
      type: header(headers, 'x-event-key'),
      occurredAt: date,
      data: {
        hook: header(headers, 'x-hook-uuid'),
        repository: repository?.full_name ?? repository?.slug,
        actor: actor?.uuid ?? actor?.name,
      },
    }),
  });
