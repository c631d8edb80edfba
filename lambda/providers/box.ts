import * as v from 'valibot';
import { inHeaderParts } from '../signature/header-parts.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { iso8601WithOffset } from '../signature/signed-time.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, isoTime, name, object } from './fields.ts';

const withId = () => ifValid(v.object({ id: ifValid(name()) }));

/**
 * Box's webhooks, version 2. A request has a signature for each of the two keys of an app, and is signed again in each
 * attempt.
 * @see https://developer.box.com/guides/webhooks/v2/
 */
export const box = () =>
  defineProvider({
    title: 'Box',
    documentation: 'https://developer.box.com/guides/webhooks/v2/signatures-v2/',
    signature: signedBy({
      carrier: inHeaderParts({
        headers: ['box-signature-primary', 'box-signature-secondary'],
        timestamp: { header: 'box-delivery-timestamp' },
      }),
      signedContent: ({ body }, { timestamp = '' }) => [body, timestamp],
      algorithm: hmac({ encoding: 'base64' }),
      time: { format: iso8601WithOffset, toleranceSeconds: 600 },
    }),
    eventIdLabel: 'id',
    eventTime: { label: 'created_at', isSigned: true },
    immutable: false,
    schema: object({
      id: name(),
      trigger: ifValid(name()),
      created_at: ifValid(isoTime()),
      webhook: withId(),
      created_by: withId(),
      source: ifValid(v.object({ type: ifValid(name()), id: ifValid(name()) })),
    }),
    event: ({ id, trigger, created_at, webhook, created_by, source }) => ({
      id,
      type: trigger,
      occurredAt: created_at,
      data: {
        webhook_id: webhook?.id,
        source_type: source?.type,
        source_id: source?.id,
        created_by: created_by?.id,
      },
    }),
  });
