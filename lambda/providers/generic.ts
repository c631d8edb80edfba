import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { epochSeconds, text } from './fields.ts';

/** The contract for partners that have no scheme. */
export const generic = () =>
  defineProvider({
    title: 'Generic',
    documentation: 'generic.md',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-signature', prefix: 'sha256=' }),
      algorithm: hmac({ encoding: 'hex' }),
    }),
    eventIdLabel: 'event_id',
    eventTime: { label: 'timestamp', isSigned: true },
    immutable: true,
    schema: v.object({
      event_id: v.pipe(
        text(1, 64),
        v.check((id) => !/\p{Cc}/u.test(id), 'no control characters'),
      ),
      user_id: text(1, 64),
      action: text(1, 32),
      timestamp: epochSeconds(),
    }),
    event: ({ event_id, timestamp, ...data }) => ({
      id: event_id,
      type: data.action,
      occurredAt: timestamp,
      // In seconds, as in the body.
      data: { ...data, timestamp: timestamp / 1000 },
    }),
  });
