import { randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { SignatureScheme } from './scheme.ts';
import { onlyValue, type SignedRequest, withHeaders } from './signed-request.ts';
import { checkTime, iso8601 } from './signed-time.ts';
import { certificateUrl, signedWithCertificate } from './with-certificate.ts';

const HEADERS = {
  id: 'paypal-transmission-id',
  time: 'paypal-transmission-time',
  signature: 'paypal-transmission-sig',
  certificateUrl: 'paypal-cert-url',
  algorithm: 'paypal-auth-algo',
} as const;

const ALGORITHM = 'SHA256withRSA';
/** Without the separator of what is signed. */
const TRANSMISSION_ID = /^[\w-]{1,128}$/;
const CERTIFICATE_PATH = /^\/v1\/notifications\/certs\/[A-Za-z0-9-]{1,128}$/;

/** Of live and sandbox: each has its certificates on hosts of its own. */
const HOSTS = {
  live: { subject: 'messageverificationcerts.paypal.com', hosts: /^api(-m)?\.paypal\.com$/ },
  sandbox: { subject: 'messageverificationcerts.sandbox.paypal.com', hosts: /^api(-m)?\.sandbox\.paypal\.com$/ },
} as const;

/** Retries go on for three days, and whether they are signed anew is not documented. */
const TIME = { format: iso8601, toleranceSeconds: 4 * 24 * 3600 };

/**
 * PayPal: RSA over the transmission, the webhook's id (the setting `webhookId`) and the CRC-32 of the body. The setting
 * `environment` (`live` or `sandbox`) says whose certificates are taken.
 * @see https://developer.paypal.com/api/rest/webhooks/rest/#verify-a-webhook-message
 */
export function paypalSignature(): SignatureScheme {
  return signedWithCertificate({
    certificate: HOSTS.live,
    read(request, { settings, now }) {
      const claim = transmissionOf(request);
      if (!claim) return 'missing';
      const { id, time, signature, algorithm } = claim;
      const { subject, hosts } = settings.environment === 'sandbox' ? HOSTS.sandbox : HOSTS.live;
      const url = certificateUrl(claim.url, (host) => hosts.test(host), CERTIFICATE_PATH);
      if (algorithm !== ALGORITHM || !TRANSMISSION_ID.test(id) || !url) return 'malformed';
      const content = [[id, time, settings.webhookId, crc32(request.body)].join('|')];
      return checkTime(time, TIME, now) ?? { signature, hash: 'sha256', content, certificateUrl: url, subject };
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

const hostOf = (environment: string | undefined) =>
  environment === 'sandbox' ? 'api.sandbox.paypal.com' : 'api.paypal.com';

/** What the headers say; undefined unless each of them came once. */
function transmissionOf({ headers }: SignedRequest) {
  const id = onlyValue(headers, HEADERS.id);
  const time = onlyValue(headers, HEADERS.time);
  const signature = onlyValue(headers, HEADERS.signature);
  const url = onlyValue(headers, HEADERS.certificateUrl);
  const algorithm = onlyValue(headers, HEADERS.algorithm);
  const isWhole = id !== undefined && time !== undefined && signature !== undefined && url && algorithm;
  return isWhole ? { id, time, signature, url, algorithm } : undefined;
}
