import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { epochSeconds, text } from './fields.ts';
import type { Guide } from './guide.ts';
import { defineProvider } from './provider.ts';

/** Partners without a scheme of their own: the contract that we hand them. */
export const generic = () =>
  defineProvider({
    title: 'Generic',
    documentation: '../README.md#the-generic-provider',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-signature', prefix: 'sha256=' }),
      algorithm: hmac({ encoding: 'hex' }),
    }),
    eventId: 'event_id',
    signedTime: 'timestamp',
    immutable: true,
    schema: v.object({
      event_id: text(1, 64),
      user_id: text(1, 64),
      action: text(1, 32),
      timestamp: epochSeconds(),
    }),
    event: ({ event_id, ...data }) => ({
      id: event_id,
      type: data.action,
      occurredAt: data.timestamp * 1000,
      data,
    }),
  });

/** For the people who set it up. */
export const guide: Guide = {
  url: 'Give the URL to your partner, with the contract in the README.',
  secret: 'Make one (32 random bytes, as text), and give it to your partner over a safe channel.',
  rotation:
    'Make a new one, put it, then give it to your partner, who has the grace period to change to it. Nothing is ' +
    'refused.',
  retries: 'As your partner does it: ask for retries with backoff on any answer but 2xx.',
  weaknesses: 'None beyond that of a shared secret: whoever has it can sign.',
};
