import type { Certificates } from '../../lambda/signature/certificates.ts';

/** For schemes that need none. */
const noCertificates: Certificates = { get: async () => 'refused' };

/** For providers that publish nothing. */
export const nothingPublished = {
  certificates: noCertificates,
  fetch: async () => new Response('', { status: 503 }),
};
