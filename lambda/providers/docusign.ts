import * as v from 'valibot';
import { inMatchingHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { integer, isoTime, maybe, name, text } from './fields.ts';
import type { Guide } from './guide.ts';
import { defineProvider } from './provider.ts';

/** DocuSign Connect in JSON: one signature of each active key, numbered from 1. */
export const docusign = () =>
  defineProvider({
    title: 'DocuSign',
    documentation:
      'https://www.docusign.com/blog/developers/manually-authenticating-hmac-signatures-docusign-connect-webhook-configurations',
    signature: signedBy({
      carrier: inMatchingHeaders({
        header: /^x-docusign-signature-\d{1,3}$/,
        written: (index) => `x-docusign-signature-${index + 1}`,
      }),
      algorithm: hmac({ encoding: 'base64' }),
    }),
    eventId: 'configurationId + data.envelopeId + event + data.recipientId + generatedDateTime',
    signedTime: 'generatedDateTime',
    immutable: false,
    schema: v.object({
      event: name(),
      configurationId: maybe(v.union([integer(), name()], 'number or string')),
      uri: maybe(text(0, 512)),
      generatedDateTime: isoTime(),
      data: maybe(
        v.object({
          accountId: maybe(name()),
          envelopeId: maybe(name()),
          recipientId: maybe(name()),
          envelopeSummary: maybe(v.object({ status: maybe(name()) })),
        }),
      ),
    }),
    event({ event, configurationId, uri, generatedDateTime, data = {} }) {
      const { accountId, envelopeId, recipientId, envelopeSummary } = data;
      return {
        id: [configurationId, envelopeId ?? uri, event, recipientId, generatedDateTime].join(':'),
        type: event,
        occurredAt: Date.parse(generatedDateTime),
        data: { account_id: accountId, envelope_id: envelopeId, status: envelopeSummary?.status },
      };
    },
  });

/** For the people who set it up. */
export const guide: Guide = {
  url: 'Settings → Connect → Add configuration → Custom → URL to publish; data format REST v2.1 (JSON).',
  secret:
    'Settings → Connect → Connect keys → Add secret key, shown once; and tick "Include HMAC signature" in the ' +
    'configuration.',
  rotation:
    'Add a second Connect key, and put it: DocuSign signs with every active key, in a header each, so that nothing ' +
    'is refused. Delete the old key afterwards.',
  retries: 'Tries again with growing delays for up to 15 days (not confirmed) on any answer but 2xx.',
  weaknesses:
    'No time of sending is signed, and events have no id: one is put together from signed fields. Whether a retry ' +
    'keeps `generatedDateTime` is not documented; if it does not, a retry is stored as another event.',
  notes: 'At most 10 active keys. XML, the older format, is refused. `retryCount` changes between deliveries.',
};
