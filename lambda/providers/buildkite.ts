import * as v from 'valibot';
import { inFields } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { seconds } from '../signature/signed-time.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, integer, name, object } from './fields.ts';

const withId = () => ifValid(v.object({ id: ifValid(name()) }));

/**
 * Buildkite: pipelines, agents, test suites and packages. Its events have no id, so what they say identifies them.
 * @see https://github.com/buildkite/docs/blob/main/pages/apis/webhooks/_verifying_hmac_signatures.md
 */
export const buildkite = () =>
  defineProvider({
    title: 'Buildkite',
    documentation: 'https://buildkite.com/docs/apis/webhooks/pipelines#webhook-signature',
    signature: signedBy({
      carrier: inFields({
        header: 'x-buildkite-signature',
        separator: ',',
        timestamp: 'timestamp',
        signature: 'signature',
      }),
      signedContent: ({ body }, { timestamp = '' }) => [timestamp, '.', body],
      algorithm: hmac({ encoding: 'hex' }),
      time: { format: seconds, toleranceSeconds: 300 },
    }),
    eventIdLabel: 'a hash of the body',
    immutable: false,
    schema: object({
      event: ifValid(name()),
      build: ifValid(v.object({ id: ifValid(name()), number: ifValid(integer()), state: ifValid(name()) })),
      job: ifValid(v.object({ id: ifValid(name()), state: ifValid(name()) })),
      agent: withId(),
      pipeline: ifValid(v.object({ slug: ifValid(name()) })),
      sender: withId(),
    }),
    event: ({ event, build, job, agent, pipeline, sender }, { body }) => ({
      id: contentId(body),
      type: event,
      data: {
        pipeline: pipeline?.slug,
        build_id: build?.id,
        build_number: build?.number,
        job_id: job?.id,
        agent_id: agent?.id,
        state: job?.state ?? build?.state,
        sender_id: sender?.id,
      },
    }),
  });
