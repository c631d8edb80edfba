import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, object } from './fields.ts';
import { plainToken } from './handshake.ts';

const MINUTE_MS = 60_000;

/** Dropbox. A notification names the accounts with changes, and no change, so each comes in the same words. */
export const dropbox = () =>
  defineProvider({
    title: 'Dropbox',
    documentation: 'https://www.dropbox.com/developers/reference/webhooks',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-dropbox-signature' }),
      algorithm: hmac({ encoding: 'hex' }),
    }),
    methods: ['POST', 'GET'],
    eventIdLabel: 'a hash of the body and the minute of arrival',
    immutable: false,
    schema: object({ list_folder: ifValid(v.object({ accounts: ifValid(v.array(v.unknown())) })) }),
    event: ({ list_folder }, { body, receivedAt }) => ({
      // The same words are one event only if they arrive within the same minute of the clock.
      id: contentId(body, Math.floor(receivedAt / MINUTE_MS)),
      type: list_folder && 'list_folder',
      data: { account_count: list_folder?.accounts?.length },
    }),
    handshakes: {
      unsigned({ method, query }) {
        const challenge = plainToken(query.get('challenge'));
        return method === 'GET' && challenge !== undefined ? { status: 200, body: challenge } : undefined;
      },
    },
  });
