import type { Certificates } from './certificates.ts';
import type { SignedRequest } from './signed-request.ts';

/**
 * What became of checking a signature. Only `valid` lets a request pass; the others are for the operator's log, and the
 * caller is never told them apart.
 * - `missing`: no signature, or more than one value of a header that carries it
 * - `malformed`: not in the provider's form
 * - `outside_tolerance`: the signed timestamp is too old, or lies in the future
 * - `mismatch`: well-formed, but not made with this key over these bytes
 * - `unusable_secret`: what is stored as the secret is no key of this scheme; nothing can be verified with it
 * - `certificate_unavailable`: the provider's certificate could not be fetched now
 */
export type Verdict =
  | 'valid'
  | 'missing'
  | 'malformed'
  | 'outside_tolerance'
  | 'mismatch'
  | 'unusable_secret'
  | 'certificate_unavailable';

/** What a source is configured with besides its secret, such as SNS's topic ARN. */
export type Settings = Readonly<Record<string, string>>;

/** What a request is checked against. */
export interface Verification {
  /** The signing secret, or the public key, as the provider shows it. Never empty, but for a scheme without one. */
  readonly secret: string;
  /** Now, in epoch milliseconds. */
  readonly now: number;
  readonly settings: Settings;
  /** Where a scheme with certificates gets them from. */
  readonly certificates: Certificates;
}

/** What a request is signed with. */
export interface Signing {
  /** The signing secret, or the private key. */
  readonly key: string;
  /** The time to sign, in epoch milliseconds. */
  readonly now: number;
  readonly settings: Settings;
}

/** A new pair of keys; for a shared secret, both are the same. */
export interface SigningKeys {
  /** What the sender signs with. */
  readonly signing: string;
  /** What the receiver verifies with. */
  readonly verification: string;
}

/** How a provider signs: both directions, so that what is sent on one machine is what is verified in the cloud. */
export interface SignatureScheme {
  /** Checks a request over its raw bytes, in constant time. Never throws for anything that a request may hold. */
  readonly verify: (request: SignedRequest, verification: Verification) => Verdict | Promise<Verdict>;
  /** The request with its signature, as the provider would send it. */
  readonly sign: (request: SignedRequest, signing: Signing) => SignedRequest;
  /** New keys in the form that the provider's dashboard shows them in. */
  readonly generateKeys: () => SigningKeys;
  /** Set where the provider signs with a certificate of its own, so that a source has no secret. */
  readonly certificate?: {
    /** The host name that the certificate is issued for. */
    readonly subject: string;
    /** The hosts that the provider publishes it on. */
    readonly hosts: RegExp;
  };
}
