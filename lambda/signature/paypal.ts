import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { SignatureScheme } from './scheme.ts';
import { onlyValue, type SignedRequest, withHeaders } from './signed-request.ts';
import { iso8601, validateTime } from './signed-time.ts';
import { certificateUrl, signedWithCertificate } from './with-certificate.ts';

const HEADERS = {
  id: 'paypal-transmission-id',
  time: 'paypal-transmission-time',
  signature: 'paypal-transmission-sig',
  certificateUrl: 'paypal-cert-url',
  algorithm: 'paypal-auth-algo',
} as const;

const ALGORITHM = 'SHA256withRSA';
/** Never holds the separator of the signed content. */
const TRANSMISSION_ID = /^[\w-]{1,128}$/;
const CERTIFICATE_PATH = /^\/v1\/notifications\/certs\/[A-Za-z0-9-]{1,128}$/;

/** Live and sandbox publish their certificates on different hosts. */
const HOSTS = {
  live: { subject: 'messageverificationcerts.paypal.com', hosts: /^api(-m)?\.paypal\.com$/ },
  sandbox: { subject: 'messageverificationcerts.sandbox.paypal.com', hosts: /^api(-m)?\.sandbox\.paypal\.com$/ },
} as const;

/** Retries go on for three days. Whether each retry gets a new signature is not documented. */
const TIME = { format: iso8601, toleranceSeconds: 4 * 24 * 3600 };

/**
 * PayPal: RSA over the transmission's id and time, the webhook's id (the setting `webhookId`) and the CRC-32 of the body.
 * CRC-32 is no cryptographic hash: anyone can make another body with the same one. The setting `environment` (`live` or
 * `sandbox`) selects the hosts of the certificates.
 * @see https://developer.paypal.com/api/rest/webhooks/rest/#verify-a-webhook-message
 */
export function paypalSignature(): SignatureScheme {
  return signedWithCertificate({
    bodyCoverage: 'checksum',
    toleranceSeconds: TIME.toleranceSeconds,
    certificate: { hosts: HOSTS.live.hosts, subjects: ({ environment }) => [hostsOf(environment).subject] },
    read(request, { settings, now }) {
      const claim = transmissionOf(request);
      if (!claim) return 'missing';
      const { id, time, signature, algorithm } = claim;
      const { hosts } = hostsOf(settings.environment);
      const url = certificateUrl(claim.url, (host) => hosts.test(host), CERTIFICATE_PATH);
      if (algorithm !== ALGORITHM || !TRANSMISSION_ID.test(id) || !url) return 'malformed';
      const signedContent = [[id, time, settings.webhookId, crc32(request.body)].join('|')];
      return validateTime(time, TIME, now) ?? { signature, hash: 'sha256', signedContent, certificateUrl: url };
    },
    write: (request, signature, { settings, now }) =>
      withHeaders(request, {
        [HEADERS.id]: onlyValue(request.headers, HEADERS.id) ?? randomUUID(),
        [HEADERS.time]: iso8601.format(now),
        [HEADERS.signature]: signature,
        [HEADERS.certificateUrl]: `https://${hostOf(settings.environment)}/v1/notifications/certs/CERT-00000000-00000000`,
        [HEADERS.algorithm]: ALGORITHM,
      }),
  });
}

const hostsOf = (environment: string | undefined) => (environment === 'sandbox' ? HOSTS.sandbox : HOSTS.live);

const hostOf = (environment: string | undefined) =>
  environment === 'sandbox' ? 'api.sandbox.paypal.com' : 'api.paypal.com';

/** The values of the headers; undefined unless the request has each of them once. */
function transmissionOf({ headers }: SignedRequest) {
  const id = onlyValue(headers, HEADERS.id);
  const time = onlyValue(headers, HEADERS.time);
  const signature = onlyValue(headers, HEADERS.signature);
  const url = onlyValue(headers, HEADERS.certificateUrl);
  const algorithm = onlyValue(headers, HEADERS.algorithm);
  const isWhole = id !== undefined && time !== undefined && signature !== undefined && url && algorithm;
  return isWhole ? { id, time, signature, url, algorithm } : undefined;
}
