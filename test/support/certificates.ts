import { type Certificates, fetchedCertificates } from '../../lambda/signature/certificates.ts';
import type { Fetch } from '../../lambda/signature/download.ts';
import type { SignatureScheme, SigningKeys, Verification } from '../../lambda/signature/scheme.ts';

/** For schemes that need none. */
const noCertificates: Certificates = { get: async () => 'refused' };

/** For providers that publish nothing. */
export const nothingPublished = {
  certificates: noCertificates,
  fetch: async () => new Response('', { status: 503 }),
};

/** The response of a provider's host to every request: the certificate, in PEM. */
export const published =
  (certificate: string): Fetch =>
  async () =>
    new Response(certificate);

/** What the provider publishes: its certificate, which is the receiver's key, if its scheme has one. */
export function publishedWith(
  { certificate }: SignatureScheme,
  { verification }: SigningKeys,
): Pick<Verification, 'certificates' | 'fetch'> {
  if (!certificate) return nothingPublished;
  const fetch = published(verification);
  return { certificates: fetchedCertificates(fetch), fetch };
}
