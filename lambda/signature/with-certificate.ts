import { createPrivateKey, generateKeyPairSync, sign, verify, type X509Certificate } from 'node:crypto';
import { decode, join, type SignedContent } from './algorithm.ts';
import { toPem } from './asymmetric.ts';
import type { CertificateRequest, Certificates } from './certificates.ts';
import type { InvalidVerdict, SchemeFacts, Settings, SignatureScheme, Signing } from './scheme.ts';
import type { SignedRequest } from './signed-request.ts';

/** What a request claims about its signature and the certificate of the signer. */
export interface CertifiedClaim {
  /** RSA (PKCS #1 v1.5), in base64. */
  readonly signature: string;
  readonly hash: 'sha1' | 'sha256';
  readonly signedContent: SignedContent;
  /** The URL of the certificate. Its host belongs to the provider. */
  readonly certificateUrl: URL;
}

/** What a scheme is composed of whose messages name the certificate that they are signed with. */
export interface CertificateSchemeOptions extends SchemeFacts {
  readonly certificate: NonNullable<SignatureScheme['certificate']>;
  /** Whether `read` reads the body of a request with these headers. @default - never */
  readonly readsBody?: NonNullable<SignatureScheme['readsBody']>;
  /** The claim, or what is wrong with it as far as this is known without the certificate. It validates its URL above all. */
  readonly read: (
    request: SignedRequest,
    context: { settings: Settings; now: number },
  ) => CertifiedClaim | InvalidVerdict;
  /** The request with this signature and everything else that `read` looks at. */
  readonly write: (request: SignedRequest, signature: string, signing: Signing) => SignedRequest;
}

/** A signature scheme with RSA. The provider's certificate is fetched from the URL in the message. */
export function signedWithCertificate(options: CertificateSchemeOptions): SignatureScheme {
  const { certificate, read, write, bodyCoverage, toleranceSeconds, readsBody = () => false } = options;
  return {
    bodyCoverage,
    toleranceSeconds,
    readsBody,
    certificate,
    async verify(request, { settings, now, certificates }) {
      const claim = read(request, { settings, now });
      if (typeof claim === 'string') return claim;
      const signature = decode(claim.signature, 'base64');
      if (!signature) return 'malformed';
      const requests = certificate.subjects(settings).map((subject) => ({ url: claim.certificateUrl, subject }));
      const found = await firstCertificate(certificates, requests, now);
      if (found === 'unavailable') return 'certificate_unavailable';
      return found !== 'refused' && isSignedBy(found, claim, signature) ? 'valid' : 'mismatch';
    },
    sign(request, signing) {
      const draft = write(request, '', signing);
      const claim = read(draft, signing);
      if (typeof claim === 'string') throw new Error(`The request lacks what its signature covers: ${claim}`);
      const signature = sign(claim.hash, join(claim.signedContent), createPrivateKey(signing.key)).toString('base64');
      return write(draft, signature, signing);
    },
    generateKeys() {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      return { signing: toPem(privateKey), verification: '' };
    },
  };
}

/** The first certificate that is found. It may be a later one in the cache, so an unavailable one is no reason to stop. */
async function firstCertificate(
  certificates: Certificates,
  requests: readonly CertificateRequest[],
  now: number,
): ReturnType<Certificates['get']> {
  let failure: 'refused' | 'unavailable' = 'refused';
  for (const request of requests) {
    const found = await certificates.get(request, now);
    if (typeof found !== 'string') return found;
    if (found === 'unavailable') failure = found;
  }
  return failure;
}

function isSignedBy(
  { publicKey }: X509Certificate,
  { hash, signedContent }: CertifiedClaim,
  signature: Buffer,
): boolean {
  return publicKey.asymmetricKeyType === 'rsa' && verify(hash, join(signedContent), publicKey, signature);
}

/** More characters than the URLs in providers' messages have. */
const MAX_URL_LENGTH = 2_048;

/** A parser's work for a host with other characters grows with the square of its length. */
const ASCII = /^[\x21-\x7e]*$/;

/**
 * An HTTPS URL on the default port, without a user, and written exactly as a URL parser writes it. Undefined for any other
 * value, and for a URL of more than 2,048 characters.
 */
export function plainHttpsUrl(text: unknown): URL | undefined {
  if (typeof text !== 'string' || text.length > MAX_URL_LENGTH || !ASCII.test(text)) return undefined;
  const url = URL.parse(text) ?? undefined;
  return url?.href === text && url?.href.startsWith(`https://${url.hostname}/`) ? url : undefined;
}

/** The URL of a certificate, if it consists of a host and a path that both belong to the provider. */
export function certificateUrl(text: unknown, isHost: (hostname: string) => boolean, path: RegExp): URL | undefined {
  const url = plainHttpsUrl(text);
  const isOwn = url && text === `https://${url.hostname}${url.pathname}` && isHost(url.hostname);
  return isOwn && path.test(url.pathname) ? url : undefined;
}
