import * as v from 'valibot';
import { inHeaderParts } from '../signature/header-parts.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, isoTime, name, object, text } from './fields.ts';

/** CircleCI's outbound webhooks. The header is a list, in which signatures of another version are ignored. */
export const circleci = () =>
  defineProvider({
    title: 'CircleCI',
    documentation: 'https://circleci.com/docs/guides/integration/outbound-webhooks/#validate-webhooks',
    signature: signedBy({
      carrier: inHeaderParts({ headers: ['circleci-signature'], prefix: 'v1=', separators: [','] }),
      algorithm: hmac({ encoding: 'hex' }),
    }),
    eventIdLabel: 'id',
    eventTime: { label: 'happened_at', isSigned: true },
    immutable: false,
    schema: object({
      id: name(),
      type: ifValid(name()),
      happened_at: ifValid(isoTime()),
      webhook: ifValid(v.object({ id: ifValid(name()) })),
      project: ifValid(v.object({ slug: ifValid(text(1, 1_024)) })),
      pipeline: ifValid(v.object({ id: ifValid(name()) })),
      workflow: ifValid(v.object({ id: ifValid(name()), status: ifValid(name()) })),
      job: ifValid(v.object({ id: ifValid(name()), status: ifValid(name()) })),
    }),
    event: ({ id, type, happened_at, webhook, project, pipeline, workflow, job }) => ({
      id,
      type,
      occurredAt: happened_at,
      data: {
        webhook_id: webhook?.id,
        project: project?.slug,
        pipeline_id: pipeline?.id,
        workflow_id: workflow?.id,
        job_id: job?.id,
        status: job?.status ?? workflow?.status,
      },
    }),
  });
