import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import type { HeaderValues } from '../signature/signed-request.ts';
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
    eventIdLabel: "X-Request-UUID; a hash of Data Center's body",
    eventTime: { label: 'date', isSigned: true },
    immutable: false,
    schema: object({
      eventKey: ifValid(name()),
      date: ifValid(isoTime()),
      actor: ifValid(v.object({ uuid: ifValid(name()), name: ifValid(name()) })),
      repository: ifValid(v.object({ full_name: ifValid(name()), slug: ifValid(name()) })),
    }),
    event: ({ eventKey, date, actor, repository }, { headers, body }) => ({
      // Data Center signs the type and the time of each event. In Cloud, two pushes may have the same body.
      id: eventKey !== undefined && date !== undefined ? contentId(body) : requestId(headers),
      type: eventKey ?? header(headers, 'x-event-key'),
      occurredAt: date,
      data: {
        hook: header(headers, 'x-hook-uuid'),
        repository: repository?.full_name ?? repository?.slug,
        actor: actor?.uuid ?? actor?.name,
      },
    }),
  });

/** The second one is Data Center's, whose test of a connection has neither a type nor a time. */
const requestId = (headers: HeaderValues) => header(headers, 'x-request-uuid') ?? header(headers, 'x-request-id');
