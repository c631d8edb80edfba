import * as v from 'valibot';
import { contentId } from '../signature/content-id.ts';
import { gitlabSignature } from '../signature/gitlab.ts';
import { header, maybe, name } from './fields.ts';
import type { Guide } from './guide.ts';
import { defineProvider } from './provider.ts';

/** GitLab: the Secret token itself, or Standard Webhooks where the secret is a Signing token. */
export const gitlab = () =>
  defineProvider({
    title: 'GitLab',
    documentation: 'https://docs.gitlab.com/user/project/integrations/webhooks/#validate-requests-by-using-a-token',
    signature: gitlabSignature(),
    eventId: 'webhook-id',
    immutable: true,
    schema: v.object({
      object_kind: maybe(name()),
      event_name: maybe(name()),
      project: maybe(v.object({ path_with_namespace: maybe(name()) })),
      group: maybe(v.object({ full_path: maybe(name()) })),
      user_username: maybe(name()),
      user: maybe(v.object({ username: maybe(name()) })),
      object_attributes: maybe(v.object({ action: maybe(name()) })),
    }),
    event: ({ object_kind, event_name, project, group, user, user_username, object_attributes }, request) => {
      const type = header(request.headers, 'x-gitlab-event');
      return {
        // The first is signed where anything is; older versions send neither, and an Event-UUID that events may share.
        id:
          header(request.headers, 'webhook-id') ??
          header(request.headers, 'idempotency-key') ??
          contentId(type, request.body),
        type: type ?? object_kind ?? event_name,
        data: {
          object_kind,
          project: project?.path_with_namespace,
          group: group?.full_path,
          user: user?.username ?? user_username,
          action: object_attributes?.action,
        },
      };
    },
  });

/** For the people who set it up. */
export const guide: Guide = {
  url: 'Project or group: Settings → Webhooks → Add new webhook → URL.',
  secret:
    'The Signing token (`whsec_…`) where your GitLab offers one; otherwise the text that you enter as Secret token.',
  rotation:
    'A Secret token: put the new text first, then enter it in the webhook; nothing is refused. A Signing token that ' +
    'GitLab makes: put it at once. What is refused in between is not sent again by itself.',
  retries: 'Does not retry by itself. Four failures in a row switch a webhook off for a while, more of them for good.',
  weaknesses:
    'A Secret token signs nothing: whoever sees one request can send any other. With a Signing token, the delivery id, ' +
    'the time (5 minutes) and the body are signed.',
  notes:
    'Which of the two counts is told by the secret: with a Signing token, a request that only carries it is refused. ' +
    'Versions before 17.4 send no id: their events are stored under a hash of the body.',
};
