import { X509Certificate } from 'node:crypto';
import { decode } from './algorithm.ts';
import { remembering, toPem } from './asymmetric.ts';
import { hasExtension } from './der.ts';
import { issueCertificate } from './issue-certificate.ts';
import { isJsonObject, type JsonObject, jsonObject } from './json-body.ts';
import { headerOf, type Jws, jwsAlgorithm, signJws, splitJws } from './jws.ts';
import type { InvalidVerdict, Settings, SignatureScheme, SigningKeys, Verdict } from './scheme.ts';
import type { SignedRequest } from './signed-request.ts';

/** What a scheme is composed of whose body is a token with the certificates of its signer. */
export interface JwsWithChainOptions {
  /** The field of the body that holds the token. */
  readonly field: string;
  /** The object identifiers of extensions that mark the signer's certificate, and the one of its issuer. */
  readonly markers: { readonly signer: Buffer; readonly issuer: Buffer };
  /** Whether the signed payload is for this source. The provider signs payloads for other receivers, too. */
  readonly isForUs: (payload: JsonObject, settings: Settings) => boolean;
}

/** The signer's certificate, the one of its issuer, and the root. */
const CHAIN_LENGTH = 3;

/** More characters than any of the certificates has. */
const MAX_CERTIFICATE = 4_096;

const ES256 = jwsAlgorithm('ES256');

/**
 * A JSON body with a token in a field, signed with ES256. The token holds the certificates of its signer, which lead to a
 * pinned root. The secret is the root's certificate, in PEM or its DER in base64: the root in the token does not count.
 * Revocation is not checked, because no request is sent while a delivery waits. The token's header is parsed before the
 * signature is verified, to find the certificates.
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-4.1.6
 */
export function jwsWithChain(options: JwsWithChainOptions): SignatureScheme {
  const rootOf = remembering(parseCertificate);
  return {
    bodyCoverage: 'content',
    readsBody: () => true,
    verify(request, { secret, settings, now }): Verdict {
      const claim = claimIn(request, options);
      if (typeof claim === 'string') return claim;
      const root = rootOf(secret);
      if (!root?.ca) return 'unusable_secret';
      const isGenuine = isTrusted(claim.chain, root, options, now) && isSignedBy(claim);
      const payload = isGenuine ? jsonObject(claim.jws.payload) : undefined;
      return payload && options.isForUs(payload, settings) ? 'valid' : 'mismatch';
    },
    sign(request, { key, settings }): SignedRequest {
      // A body that has a token already is signed again.
      const bytes = tokenIn(request, options)?.payload ?? request.body;
      const payload = jsonObject(bytes);
      if (!payload || !options.isForUs(payload, settings)) throw new Error('The payload is not for this source.');
      const x5c = key.split(SEPARATOR).slice(1);
      const token = signJws({ x5c }, bytes, ES256, key);
      return { ...request, body: Buffer.from(JSON.stringify({ [options.field]: token })) };
    },
    generateKeys: () => generateChain(options),
  };
}

/** The payload of the token in a body whose signature is verified; undefined if it is no JSON object. */
export function signedPayload(content: unknown, field: string): JsonObject | undefined {
  const token = isJsonObject(content) ? content[field] : undefined;
  const jws = typeof token === 'string' ? splitJws(token) : undefined;
  return jws && jsonObject(jws.payload);
}

interface Claim {
  readonly jws: Jws;
  readonly chain: Chain;
}

/** Null if the body has no token; undefined if it has something else in its place. */
function tokenIn({ body }: SignedRequest, { field }: JwsWithChainOptions): Jws | undefined | null {
  const token = jsonObject(body)?.[field];
  if (token === undefined) return null;
  return typeof token === 'string' ? splitJws(token) : undefined;
}

function claimIn(request: SignedRequest, options: JwsWithChainOptions): Claim | InvalidVerdict {
  const jws = tokenIn(request, options);
  if (jws === null) return 'missing';
  const chain = jws && chainOf(jws);
  return chain && ES256.isSignature(jws.signature) ? { jws, chain } : 'malformed';
}

interface Chain {
  readonly signer: X509Certificate;
  readonly issuer: X509Certificate;
}

function chainOf(jws: Jws): Chain | undefined {
  const x5c: unknown = headerOf(jws, ES256)?.x5c;
  if (!Array.isArray(x5c) || x5c.length !== CHAIN_LENGTH) return undefined;
  const [signer, issuer] = x5c.slice(0, 2).map(certificateIn);
  return signer && issuer ? { signer, issuer } : undefined;
}

function certificateIn(text: unknown): X509Certificate | undefined {
  const bytes = typeof text === 'string' && text.length <= MAX_CERTIFICATE ? decode(text, 'base64') : undefined;
  try {
    return bytes && new X509Certificate(bytes);
  } catch {
    return undefined;
  }
}

/** A certificate of the operator's, in PEM or its DER in base64. */
const parseCertificate = (text: string) =>
  new X509Certificate(text.includes('-----BEGIN ') ? text : Buffer.from(text, 'base64'));

function isTrusted(
  { signer, issuer }: Chain,
  root: X509Certificate,
  { markers }: JwsWithChainOptions,
  now: number,
): boolean {
  return (
    [signer, issuer, root].every((each) => isInForce(each, now)) &&
    isIssuedBy(issuer, root) &&
    isIssuedBy(signer, issuer) &&
    !signer.ca &&
    hasExtension(signer, markers.signer) &&
    hasExtension(issuer, markers.issuer)
  );
}

function isIssuedBy(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return issuer.ca && certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
}

function isInForce({ validFrom, validTo }: X509Certificate, now: number): boolean {
  return Date.parse(validFrom) <= now && now <= Date.parse(validTo);
}

function isSignedBy({ jws: { input, signature }, chain }: Claim): boolean {
  const { publicKey } = chain.signer;
  return ES256.isKey(publicKey) && ES256.verify(input, signature, publicKey);
}

/** Between the private key and the certificates. A parser of PEM skips what follows the key. */
const SEPARATOR = '\n#';

/** The sender's key is the private key, and the chain in lines after it. The receiver's is the root. */
function generateChain({ markers }: JwsWithChainOptions): SigningKeys {
  const root = issueCertificate({ name: 'Root', ca: true });
  const issuer = issueCertificate({ name: 'Issuer', issuer: root, ca: true, marker: markers.issuer });
  const signer = issueCertificate({ name: 'Signer', issuer, marker: markers.signer });
  const chain = [signer, issuer, root].map(({ certificate }) => certificate.toString('base64'));
  return {
    signing: [toPem(signer.privateKey).trim(), ...chain].join(SEPARATOR),
    verification: new X509Certificate(root.certificate).toString(),
  };
}
