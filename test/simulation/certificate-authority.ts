import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { generate } from 'selfsigned';
import type { ProviderName } from '../../lambda/providers/index.ts';
import { toPem } from '../../lambda/signature/asymmetric.ts';

/** A certificate that a provider signs with for some time. */
export interface IssuedCertificate {
  readonly url: string;
  readonly pem: string;
  /** The private key, as PEM. */
  readonly key: string;
  /** Epoch milliseconds. */
  readonly validUntil: number;
}

/** The certificates of the providers that sign with one: `usual` and `next` outlast every simulated day. */
export interface Certificates {
  readonly usual: IssuedCertificate;
  /** Ends within the day. */
  readonly ending: IssuedCertificate;
  readonly next: IssuedCertificate;
}

/** The providers that sign with a certificate. */
export type CertifiedProvider = Extract<ProviderName, 'sns' | 'paypal'>;

const SUBJECTS: Readonly<Record<CertifiedProvider, string>> = {
  sns: 'sns.amazonaws.com',
  paypal: 'messageverificationcerts.paypal.com',
};

const URLS: Readonly<Record<CertifiedProvider, (digit: number) => string>> = {
  sns: (digit) => `https://sns.eu-north-1.amazonaws.com/SimpleNotificationService-${String(digit).repeat(32)}.pem`,
  paypal: (digit) => `https://api.paypal.com/v1/notifications/certs/CERT-${String(digit).repeat(8)}`,
};

const LATER = 10 * 365 * 24 * 3600_000;

/**
 * Issues the certificates of a provider. It takes real time, so this comes before the clock is installed.
 * @param day the beginning of the simulated day, in epoch milliseconds
 * @param ending when the one that ends within the day ends
 */
export async function issueCertificates(
  provider: CertifiedProvider,
  { day, ending }: { readonly day: number; readonly ending: number },
): Promise<Certificates> {
  const issue = async (digit: number, validUntil: number) => {
    const key = toPem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);
    return {
      url: URLS[provider](digit),
      pem: await certificate(SUBJECTS[provider], key, { day, validUntil }),
      key,
      validUntil,
    };
  };
  return { usual: await issue(1, day + LATER), ending: await issue(2, ending), next: await issue(3, day + LATER) };
}

async function certificate(
  subject: string,
  privateKey: string,
  { day, validUntil }: { readonly day: number; readonly validUntil: number },
): Promise<string> {
  const publicKey = createPublicKey(createPrivateKey(privateKey)).export({ format: 'pem', type: 'spki' }).toString();
  const { cert } = await generate([{ name: 'commonName', value: subject }], {
    keyPair: { privateKey, publicKey },
    notBeforeDate: new Date(day - 24 * 3600_000),
    notAfterDate: new Date(validUntil),
  });
  return cert;
}
