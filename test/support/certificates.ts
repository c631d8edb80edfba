import type { Certificates } from '../../lambda/signature/certificates.ts';

/** For schemes that need none. */
export const noCertificates: Certificates = { get: async () => 'refused' };
