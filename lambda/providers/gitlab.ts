import * as v from 'valibot';
import { contentId } from '../signature/content-id.ts';
import { gitlabSignature } from '../signature/gitlab.ts';
import { header, maybe, name } from './fields.ts';
import { defineProvider } from './provider.ts';

/** GitLab: the secret token itself, or Standard Webhooks if the secret is a signing token. */
export const gitlab = () =>
  defineProvider({
    title: 'GitLab',
    documentation: 'https://docs.gitlab.com/user/project/integrations/webhooks/#validate-requests-by-using-a-token',
    signature: gitlabSignature(),
    eventIdLabel: 'webhook-id',
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
        // With a signing token, the first one is signed. Older versions send neither, and several events may share the
        // Event-UUID that they do send.
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
