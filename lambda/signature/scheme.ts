import type { Certificates } from './certificates.ts';
import type { Fetch } from './download.ts';
import type { HeaderValues, SignedRequest } from './signed-request.ts';

/**
 * The outcome of a verification. Only `valid` lets a request pass. The others are for the operator's log: the caller
 * gets the same response for each of them.
 * - `missing`: there is no signature, or a header that carries it has more than one value or more than 4,096 characters
 * - `malformed`: the signature is not in the provider's format, or the request has more parts than a provider sends
 * - `outside_tolerance`: the signed time is too far in the past or in the future
 * - `mismatch`: the signature is well-formed, but was not made with this key over this signed content
 * - `unusable_secret`: the stored secret is not a key of this scheme, so nothing can be verified with it
 * - `certificate_unavailable`: the provider's certificate or its public keys cannot be fetched at the moment
 */
export type Verdict =
  | 'valid'
  | 'missing'
  | 'malformed'
  | 'outside_tolerance'
  | 'mismatch'
  | 'unusable_secret'
  | 'certificate_unavailable';

/** Every verdict that rejects the request. */
export type InvalidVerdict = Exclude<Verdict, 'valid'>;

/** The settings of a source besides its secret, such as the ARN of an SNS topic. */
export type Settings = Readonly<Record<string, string>>;

/** What a request is verified with. */
export interface Verification {
  /** The signing secret or the public key, as the provider displays it. Empty only if the scheme has no secret. */
  readonly secret: string;
  /** The current time, in epoch milliseconds. */
  readonly now: number;
  /** The settings of the source. */
  readonly settings: Settings;
  /** The source of certificates, for schemes that use them. */
  readonly certificates: Certificates;
  /** Sends a request for the keys that a provider publishes, for schemes that use them. */
  readonly fetch: Fetch;
}

/** What a request is signed with. */
export interface Signing {
  /** The signing secret or the private key. */
  readonly key: string;
  /** The time to sign, in epoch milliseconds. */
  readonly now: number;
  /** The settings of the source. */
  readonly settings: Settings;
}

/** A new pair of keys. If the secret is shared, both are the same. */
export interface SigningKeys {
  /** The sender's key. */
  readonly signing: string;
  /** The receiver's key. */
  readonly verification: string;
}

/**
 * How much of the body a signature covers.
 * - `bytes`: every byte; the request is rejected if any byte is changed
 * - `checksum`: a checksum of the bytes; a changed byte is noticed, but an attacker can make another body with the same
 *   checksum, and use the signature for it
 * - `content`: the values of fields, and not how they are written; the same values are accepted in another order, with
 *   other escapes or with other white space
 * - `nothing`: no part of the body
 */
export type BodyCoverage = 'bytes' | 'checksum' | 'content' | 'nothing';

/** The facts about a scheme that docs, probe and tests rely on. */
export interface SchemeFacts {
  /** The weakest coverage that the scheme has, if the coverage depends on the content type or on the secret. */
  readonly bodyCoverage: BodyCoverage;
  /**
   * How old the signed transmission time may be, in seconds. Undefined if the signature covers no transmission time, or
   * does not cover one with each kind of secret.
   */
  readonly toleranceSeconds?: number | undefined;
}

/** How a provider signs. A scheme also signs, so that a request sent by this code is verified by the same code. */
export interface SignatureScheme extends SchemeFacts {
  /** Verifies a request over its raw bytes, in constant time. It throws for no request, whatever the request holds. */
  readonly verify: (request: SignedRequest, verification: Verification) => Verdict | Promise<Verdict>;
  /** The request with its signature, as the provider would send it. */
  readonly sign: (request: SignedRequest, signing: Signing) => SignedRequest;
  /** Whether the body of a request with these headers is read before its signature is verified. @default - never */
  readonly readsBody?: (headers: HeaderValues) => boolean;
  /** Generates keys in the format of the provider's dashboard. */
  readonly generateKeys: () => SigningKeys;
  /**
   * The provider's certificate, if the provider signs with one. A source then has no secret.
   * @default - a secret or a public key of the source
   */
  readonly certificate?: {
    /** The host names that the certificate may be issued for. One of them is enough. */
    readonly subjects: (settings: Settings) => readonly string[];
    /** The hosts that the provider publishes the certificate on. */
    readonly hosts: RegExp;
  };
  /**
   * The host that the provider publishes its public keys on, if it does. A source then has no secret.
   * @default - a secret or a public key of the source
   */
  readonly keySetHost?: string | undefined;
}

/** Whether the sources of a scheme have a secret: none is needed if the provider publishes what its signatures prove. */
export function hasSecret({ certificate, keySetHost }: SignatureScheme): boolean {
  return certificate === undefined && keySetHost === undefined;
}
