import { createPrivateKey, generateKeyPairSync, sign, verify, type X509Certificate } from 'node:crypto';
import { type Content, decode, join } from './algorithm.ts';
import { toPem } from './asymmetric.ts';
import type { Settings, SignatureScheme, Signing, Verdict } from './scheme.ts';
import type { SignedRequest } from './signed-request.ts';

/** What a request claims: who signed what, and how. */
export interface CertifiedClaim {
  /** RSA (PKCS #1 v1.5), in base64. */
  readonly signature: string;
  readonly hash: 'sha1' | 'sha256';
  readonly content: Content;
  /** Where the certificate is: on a host of the provider's own. */
  readonly certificateUrl: URL;
  /** The host that the certificate must have been issued for. */
  readonly subject: string;
}

/** Why a request is refused before anything is fetched. */
export type Fault = Exclude<Verdict, 'valid'>;

/** The parts of a scheme whose messages name the certificate that they are signed with. */
export interface CertificateSchemeOptions {
  readonly certificate: NonNullable<SignatureScheme['certificate']>;
  /** The claim, once everything that can be checked without the certificate has been; its URL above all. */
  readonly read: (request: SignedRequest, context: { settings: Settings; now: number }) => CertifiedClaim | Fault;
  /** The request with all that `read` finds, and this signature. */
  readonly write: (request: SignedRequest, signature: string, signing: Signing) => SignedRequest;
}

/** A signature scheme with RSA and a certificate of the provider's, which is fetched where the message says. */
export function signedWithCertificate({ certificate, read, write }: CertificateSchemeOptions): SignatureScheme {
  return {
    certificate,
    async verify(request, { settings, now, certificates }) {
      const claim = read(request, { settings, now });
      if (typeof claim === 'string') return claim;
      const signature = decode(claim.signature, 'base64');
      if (!signature) return 'malformed';
      const found = await certificates.get({ url: claim.certificateUrl, subject: claim.subject }, now);
      if (found === 'unavailable') return 'certificate_unavailable';
      return found !== 'refused' && isSignedBy(found, claim, signature) ? 'valid' : 'mismatch';
    },
    sign(request, signing) {
      const draft = write(request, '', signing);
      const claim = read(draft, signing);
      if (typeof claim === 'string') throw new Error(`The request lacks what its signature covers: ${claim}`);
      const signature = sign(claim.hash, join(claim.content), createPrivateKey(signing.key)).toString('base64');
      return write(draft, signature, signing);
    },
    generateKeys() {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      return { signing: toPem(privateKey), verification: '' };
    },
  };
}

function isSignedBy({ publicKey }: X509Certificate, { hash, content }: CertifiedClaim, signature: Buffer): boolean {
  return publicKey.asymmetricKeyType === 'rsa' && verify(hash, join(content), publicKey, signature);
}

/**
 * A URL over HTTPS on the default port, written as URLs are: nothing in it that a parser would pass over or turn into
 * something else, and no user before its host. Undefined for every other text.
 */
export function plainHttpsUrl(text: unknown): URL | undefined {
  const url = typeof text === 'string' && URL.canParse(text) ? new URL(text) : undefined;
  return url?.href === text && url?.href.startsWith(`https://${url.hostname}/`) ? url : undefined;
}

/** The URL of a certificate, where it is no more than a host and a path, and these are the provider's own. */
export function certificateUrl(text: unknown, isHost: (hostname: string) => boolean, path: RegExp): URL | undefined {
  const url = plainHttpsUrl(text);
  const isOwn = url && text === `https://${url.hostname}${url.pathname}` && isHost(url.hostname);
  return isOwn && path.test(url.pathname) ? url : undefined;
}
