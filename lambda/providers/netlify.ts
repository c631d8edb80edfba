import { jwtSignature } from '../signature/jwt.ts';
import { defineProvider } from './define-provider.ts';
import { joinedId } from './event-id.ts';
import { header, ifValid, isoTime, name, object } from './fields.ts';

/** Netlify's deploy notifications. A token in a header holds the hash of the body. */
export const netlify = () =>
  defineProvider({
    title: 'Netlify',
    documentation: 'https://docs.netlify.com/site-deploys/notifications/#payload-signature',
    signature: jwtSignature({
      header: 'x-webhook-signature',
      algorithms: ['HS256'],
      issuer: 'netlify',
      bodyHash: { name: 'sha256', encoding: 'hex' },
    }),
    eventHeaders: ['x-netlify-event'],
    eventIdLabel: 'x-netlify-event + id + state + updated_at',
    eventTime: { label: 'updated_at', isSigned: true },
    immutable: false,
    schema: object({
      id: name(),
      state: ifValid(name()),
      updated_at: ifValid(isoTime()),
      site_id: ifValid(name()),
      name: ifValid(name()),
      branch: ifValid(name()),
      context: ifValid(name()),
    }),
    event({ id, state, updated_at, site_id, name: site, branch, context }, { headers }) {
      const type = header(headers, 'x-netlify-event');
      return {
        // One deploy has many events. None has an id.
        id: joinedId([type, id, state, updated_at]),
        type: type ?? state,
        occurredAt: updated_at,
        data: { deploy_id: id, state, site_id, site, branch, context },
      };
    },
  });
