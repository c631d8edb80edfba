import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { epochMilliseconds, ifValid, name, object } from './fields.ts';

const reference = () => ifValid(v.object({ id: ifValid(name()) }));

/** Vercel: the webhooks of a team and of an integration. */
export const vercel = () =>
  defineProvider({
    title: 'Vercel',
    documentation: 'https://vercel.com/docs/webhooks/webhooks-api#securing-webhooks',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-vercel-signature' }),
      algorithm: hmac({ encoding: 'hex', hash: 'sha1' }),
    }),
    eventIdLabel: 'id',
    eventTime: { label: 'createdAt', isSigned: true },
    immutable: false,
    schema: object({
      id: name(),
      type: ifValid(name()),
      createdAt: ifValid(epochMilliseconds()),
      region: ifValid(name()),
      payload: ifValid(
        v.object({
          team: reference(),
          user: reference(),
          project: reference(),
          deployment: reference(),
          target: ifValid(name()),
        }),
      ),
    }),
    event: ({ id, type, createdAt, region, payload }) => ({
      id,
      type,
      occurredAt: createdAt,
      data: {
        region,
        team_id: payload?.team?.id,
        user_id: payload?.user?.id,
        project_id: payload?.project?.id,
        deployment_id: payload?.deployment?.id,
        target: payload?.target,
      },
    }),
  });
