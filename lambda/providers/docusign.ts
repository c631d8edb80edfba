import * as v from 'valibot';
import { inMatchingHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { integer, isoText, isoTime, maybe, name, text } from './fields.ts';
import { defineProvider } from './provider.ts';

/** DocuSign Connect in JSON. A request has a signature for each active key, in headers numbered from 1. */
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
    eventIdLabel: 'configurationId + data.envelopeId + event + data.recipientId + generatedDateTime',
    eventTime: { label: 'generatedDateTime', isSigned: true },
    immutable: false,
    schema: v.object({
      event: name(),
      configurationId: maybe(v.union([integer(), name()], 'number or string')),
      uri: maybe(text(0, 512)),
      generatedDateTime: isoText(),
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
        occurredAt: v.parse(isoTime(), generatedDateTime),
        data: { account_id: accountId, envelope_id: envelopeId, status: envelopeSummary?.status },
      };
    },
  });
