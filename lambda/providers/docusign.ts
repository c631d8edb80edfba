import * as v from 'valibot';
import { inMatchingHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { joinedId, withNumbersAsText } from './event-id.ts';
import { anything, ifValid, isoTime, name, object, valueIfValid } from './fields.ts';

/** An event, or an envelope. What feeds the event id may have any type. */
const body = () =>
  object({
    event: anything(),
    configurationId: anything(),
    uri: anything(),
    generatedDateTime: anything(),
    data: ifValid(
      v.object({
        accountId: ifValid(name()),
        envelopeId: anything(),
        recipientId: anything(),
        envelopeSummary: ifValid(v.object({ status: ifValid(name()) })),
      }),
    ),
    envelopeId: anything(),
    status: ifValid(name()),
  });

/**
 * DocuSign Connect in JSON: events, or the envelope itself in the older aggregate format. A request has a signature for each
 * active key, in headers numbered from 1.
 */
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
    schema: body(),
    event: (sent, { body: bytes }) => ({
      id: idOf(sent, bytes),
      type: valueIfValid(name(), sent.event) ?? sent.status,
      occurredAt: valueIfValid(isoTime(), sent.generatedDateTime),
      data: {
        account_id: sent.data?.accountId,
        envelope_id: valueIfValid(name(), sent.data?.envelopeId ?? sent.envelopeId),
        status: sent.data?.envelopeSummary?.status ?? sent.status,
      },
    }),
  });

/** An event has no id, but a time. An envelope has neither: it is identified by a hash, without what counts its retries. */
function idOf(sent: v.InferOutput<ReturnType<typeof body>>, bytes: Buffer): string | undefined {
  const { event, configurationId, uri, generatedDateTime, data, envelopeId } = sent;
  if (event != null && generatedDateTime != null) {
    return joinedId([configurationId, data?.envelopeId ?? uri, event, data?.recipientId, generatedDateTime]);
  }
  const { retryCount: _, ...content } = withNumbersAsText(bytes);
  return (event ?? envelopeId) == null ? undefined : contentId(JSON.stringify(content));
}
