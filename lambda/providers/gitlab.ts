import * as v from 'valibot';
import { contentId } from '../signature/content-id.ts';
import { gitlabSignature } from '../signature/gitlab.ts';
import { defineProvider } from './define-provider.ts';
import { header, ifValid, name, object, text } from './fields.ts';

/** The path of a project in 20 nested groups, each name of 255 characters. */
const path = () => text(1, 5_400);

/** GitLab: the secret token itself, or Standard Webhooks if the secret is a signing token. */
export const gitlab = () =>
  defineProvider({
    title: 'GitLab',
    documentation: 'https://docs.gitlab.com/user/project/integrations/webhooks/#validate-requests-by-using-a-token',
    signature: gitlabSignature(),
    eventHeaders: ['idempotency-key', 'webhook-id', 'x-gitlab-event', 'x-gitlab-event-uuid'],
    eventIdLabel: 'webhook-id',
    // What is resent by hand comes from GitLab's log, in which email addresses are redacted.
    immutable: false,
    // A custom template may make any JSON, with other fields under these names.
    schema: ifValid(
      object({
        object_kind: ifValid(name()),
        event_name: ifValid(name()),
        project: ifValid(v.object({ path_with_namespace: ifValid(path()) })),
        group: ifValid(v.object({ full_path: ifValid(path()) })),
        user_username: ifValid(name()),
        user: ifValid(v.object({ username: ifValid(name()) })),
        object_attributes: ifValid(v.object({ action: ifValid(name()) })),
      }),
    ),
    event(fields = {}, { headers, body }) {
      const { object_kind, event_name, project, group, user, user_username, object_attributes } = fields;
      const type = header(headers, 'x-gitlab-event');
      return {
        // With a signing token, the first one is signed. Older versions send neither: several events may share their
        // Event-UUID, and two events may have the same body.
        id:
          header(headers, 'webhook-id') ??
          header(headers, 'idempotency-key') ??
          contentId(type, header(headers, 'x-gitlab-event-uuid'), body),
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
