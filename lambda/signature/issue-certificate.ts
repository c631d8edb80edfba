import { createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { der, TAG } from './der.ts';

/** A certificate and its private key. */
export interface IssuedCertificate {
  readonly name: string;
  readonly certificate: Buffer;
  readonly privateKey: KeyObject;
}

/** What a certificate is issued for. */
export interface CertificateOptions {
  readonly name: string;
  /** The private key of the certificate: RSA, or on the curve P-256. @default - a new one on P-256 */
  readonly privateKey?: KeyObject;
  /** @default - the certificate signs itself */
  readonly issuer?: IssuedCertificate;
  /** Whether it may issue others. @default false */
  readonly ca?: boolean;
  /** The object identifier of an extension that marks its use. @default - none */
  readonly marker?: Buffer;
  /** @default - from 2000 to 2049 */
  readonly validity?: readonly [from: string, to: string];
}

const OID = {
  commonName: Buffer.from('550403', 'hex'),
  ecdsaWithSha256: Buffer.from('2a8648ce3d040302', 'hex'),
  sha256WithRsa: Buffer.from('2a864886f70d01010b', 'hex'),
  basicConstraints: Buffer.from('551d13', 'hex'),
};

const TRUE = der(TAG.boolean, Buffer.from([0xff]));
const NULL = Buffer.from([0x05, 0x00]);
const ECDSA = der(TAG.sequence, der(TAG.oid, OID.ecdsaWithSha256));
const RSA = der(TAG.sequence, der(TAG.oid, OID.sha256WithRsa), NULL);

/** Wide enough for the clock of any test. */
const VALIDITY = ['000101000000Z', '491231235959Z'] as const;

/**
 * Issues a certificate, so that what this code signs is verified by this code. It is for samples and tests.
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function issueCertificate(options: CertificateOptions): IssuedCertificate {
  const { name, privateKey = newKey(), issuer, validity = VALIDITY } = options;
  const signingKey = issuer?.privateKey ?? privateKey;
  const algorithm = signingKey.asymmetricKeyType === 'rsa' ? RSA : ECDSA;
  const toBeSigned = der(
    TAG.sequence,
    der(TAG.version, der(TAG.integer, Buffer.from([2]))),
    der(TAG.integer, Buffer.from([1])),
    algorithm,
    nameOf(issuer?.name ?? name),
    der(TAG.sequence, ...validity.map((time) => der(TAG.utcTime, Buffer.from(time)))),
    nameOf(name),
    createPublicKey(privateKey).export({ format: 'der', type: 'spki' }),
    der(TAG.extensions, der(TAG.sequence, ...extensionsOf(options))),
  );
  const signature = sign('sha256', toBeSigned, signingKey);
  const bits = der(TAG.bitString, Buffer.from([0]), signature);
  return { name, certificate: der(TAG.sequence, toBeSigned, algorithm, bits), privateKey };
}

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;

/** A certificate in PEM. */
export function pemOf({ certificate }: IssuedCertificate): string {
  const lines = certificate.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

function nameOf(name: string): Buffer {
  const value = der(TAG.utf8String, Buffer.from(name));
  return der(TAG.sequence, der(TAG.set, der(TAG.sequence, der(TAG.oid, OID.commonName), value)));
}

function extensionsOf({ ca = false, marker }: CertificateOptions): readonly Buffer[] {
  const constraints = der(TAG.octetString, der(TAG.sequence, ...(ca ? [TRUE] : [])));
  const basic = der(TAG.sequence, der(TAG.oid, OID.basicConstraints), TRUE, constraints);
  return marker ? [basic, der(TAG.sequence, der(TAG.oid, marker), der(TAG.octetString, NULL))] : [basic];
}
