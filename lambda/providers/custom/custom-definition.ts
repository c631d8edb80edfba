import type { Encoding } from '../../signature/algorithm.ts';
import type { PublicKeyForm } from '../../signature/asymmetric.ts';
import type { HmacHash, KeyForm } from '../../signature/hmac.ts';
import type { JwsName } from '../../signature/jws.ts';
import type { Sample } from '../provider.ts';
import type { JsonSchema } from './json-schema.ts';

/** How a time is written: epoch seconds, epoch milliseconds, or ISO 8601 with its offset from UTC. */
export type TimeFormatName = 'seconds' | 'milliseconds' | 'iso';

/** A value in a header of the request. */
export interface InHeader {
  /** The name of the header, in any case. */
  readonly header: string;
}

/** A value in the body: in its JSON, or in the fields of its form. */
export interface AtPointer {
  /**
   * A JSON pointer (RFC 6901), such as `/data/id`. In a batch, it begins at the event. Of a form, `/name` is the field
   * `name`.
   */
  readonly pointer: string;
}

/** A value in a parameter of the query string. */
export interface InQuery {
  /** The name of the parameter. */
  readonly query: string;
}

/** A value in the signature's own header. */
export interface AfterPrefix {
  /** What precedes the value in its part of the signature's header, such as `t=`. Needs a `separator`. */
  readonly prefix: string;
}

/** A signed time of transmission. */
export interface TimestampOptions {
  /** @default 'seconds' */
  readonly format?: TimeFormatName;
  /**
   * How old a request may be, in seconds, from 1 to 604,800 (a week). It may be at most 300 seconds ahead.
   * @default 300
   */
  readonly toleranceSeconds?: number;
}

/** Where headers hold the signature, and what it covers. */
export interface SignatureInHeaders {
  /**
   * The name of the header with the signature, in any case. Of several names, a request has at least one: each of those
   * headers may hold signatures, and one that is valid is enough.
   */
  readonly header: string | readonly string[];
  /** What precedes the signature, such as `sha256=`. With a `separator`, the name of its part, such as `v1=`. @default '' */
  readonly prefix?: string;
  /**
   * What separates the parts of the header, such as `,` in `t=1764000000,v1=ab,v1=cd`. Each part that begins with the
   * prefix is a signature, one that is valid is enough, and other parts are ignored. With a list, each of them separates
   * parts: `[' ', ',']` reads `t=1764000000,v1=ab t=1764000000,v1=cd`. All times of a request must then be the same.
   * @default - the whole header is one signature
   */
  readonly separator?: string | readonly string[];
  /**
   * The signed content, with the placeholders `{body}`, `{timestamp}`, `{id}`, `{url}` (the URL that the sender was given),
   * `{method}` and `{header:Name}`.
   * @default '{body}'
   */
  readonly content?: string;
  /**
   * The signed time of transmission: in a header, in a part of the signature's header, or in the body. Without one, a
   * captured request stays valid.
   * @default - none
   */
  readonly timestamp?: (InHeader | AfterPrefix | AtPointer) & TimestampOptions;
  /** The header of `{id}`. @default - none */
  readonly id?: InHeader;
}

/** A signature in the body that it arrives with. It covers the timestamp and the id, but nothing else of the body. */
export interface SignatureInBody {
  /** A JSON pointer to the signature, such as `/signature/signature`. */
  readonly pointer: string;
  /** The signed content, of `{timestamp}`, `{id}` and text. */
  readonly content: string;
  /** The signed time of transmission, in the body. */
  readonly timestamp: AtPointer & TimestampOptions;
  /** The signed id, in the body. It must be `event.id` too: otherwise, a captured signature could carry another event. */
  readonly id: AtPointer;
}

/** HMAC with a shared secret. */
export interface HmacOptions {
  /** The hash of the HMAC. SHA-1 is only for senders that offer nothing else. */
  readonly algorithm: `hmac-${HmacHash}`;
  /** How the signature is written. @default 'hex' */
  readonly encoding?: Encoding;
  /** How the secret is written: `text` if its characters are the key. @default 'text' */
  readonly key?: KeyForm;
}

/** A signature that is verified with the sender's public key. The key is the source's secret. */
export interface PublicKeyOptions {
  /** ECDSA is on P-256, with SHA-256 and signatures in DER. */
  readonly algorithm: 'ed25519' | 'ecdsa-p256';
  /** How the signature is written. @default 'hex' */
  readonly encoding?: Encoding;
  /** How the public key is written. In `hex` and `base64`, an Ed25519 key is its 32 bytes or DER; an ECDSA key is DER. @default 'pem' */
  readonly key?: PublicKeyForm;
}

/** RSA with SHA-256. The sender's public key is the source's secret, in PEM or as DER in base64: 2,048 bits or more. */
export interface RsaSignatureOptions {
  /** RSA with SHA-256. */
  readonly algorithm: 'rsa-sha256';
  /** How the signature is written. @default 'hex' */
  readonly encoding?: Encoding;
  /** PKCS #1 v1.5, or PSS with a salt as long as the hash. @default 'pkcs1' */
  readonly padding?: 'pkcs1' | 'pss';
}

/** A claim of a token that holds a SHA-256 hash. */
export interface HashClaimOptions {
  /** The name of the claim, such as `request_body_sha256`. */
  readonly claim: string;
  /** How the hash is written. @default 'hex' */
  readonly encoding?: Encoding;
}

/** A JSON Web Token in a header (RFC 7519). One that expires, by its `exp`, is never accepted afterwards. */
export interface JwtSignature extends InHeader {
  /** A JSON Web Token. */
  readonly algorithm: 'jwt';
  /** What precedes the token, such as `Bearer `. @default '' */
  readonly prefix?: string;
  /** The algorithm of the token. The token never chooses it. @default 'HS256' */
  readonly jws?: JwsName;
  /** The value of `iss`. @default - any */
  readonly issuer?: string;
  /** The value of `aud`, or one of its values. @default - any */
  readonly audience?: string;
  /** The values of other claims, by name: at most 20. @default - any */
  readonly claims?: Readonly<Record<string, string | boolean>>;
  /** The claim with the hash of the body. @default - none: the token covers no part of the body */
  readonly bodyHash?: HashClaimOptions;
  /** The claim with the hash of the URL that the sender was given. @default - none */
  readonly urlHash?: HashClaimOptions;
  /**
   * How far `iat` may be from now, in seconds, from 1 to 604,800. A token must then have it.
   * @default - `iat` is not checked
   */
  readonly toleranceSeconds?: number;
  /**
   * How long after `nbf` tokens expire, in seconds, from 1 to 604,800. A token must then have `exp`, and one that expires
   * later is not accepted.
   * @default - not required
   */
  readonly lifetimeSeconds?: number;
  /**
   * The URL of the JSON Web Key Set that the sender publishes (RFC 7517): `https:`, on a public host, without a port. The
   * source then has no secret. Needs `jws: 'RS256'` or `'ES256'`, and `audience` or `claims`, since the sender's keys sign
   * tokens for other receivers too.
   * @default - the key is the source's secret: the shared secret, or the public key in PEM or as DER in base64
   */
  readonly keySetUrl?: string;
}

/** HTTP basic authentication instead of a signature. The secret is `user:password`. */
export interface BasicSignature {
  /** HTTP basic authentication. */
  readonly algorithm: 'basic';
}

/** The secret itself in each request, instead of a signature. Whoever sees one request can send others. */
export interface TokenOptions {
  /** No signature: the secret itself. */
  readonly algorithm: 'token';
}

/** A token in a header. */
export interface TokenInHeader extends TokenOptions, InHeader {
  /** What precedes the token, such as `Bearer `. @default '' */
  readonly prefix?: string;
}

/** A token in the query string. Proxies and logs may keep it. */
export interface TokenInQuery extends TokenOptions, InQuery {}

/**
 * A token in the body, at a pointer of one name. In a batch, each item holds it, and it is taken out of what is stored;
 * otherwise, it is stored with the payload.
 */
export interface TokenInBody extends TokenOptions, AtPointer {}

/** How requests are verified. Every form of it is a working verifier. */
export type CustomSignature =
  | (HmacOptions & SignatureInHeaders)
  | (HmacOptions & SignatureInBody)
  | (PublicKeyOptions & SignatureInHeaders)
  | (RsaSignatureOptions & SignatureInHeaders)
  | JwtSignature
  | BasicSignature
  | TokenInHeader
  | TokenInQuery
  | TokenInBody;

/** A value of an event: in a header or in the body. */
export type EventValue = InHeader | AtPointer;

/** A value that is copied to `data`. A header's value is a string. */
export type DataValue = EventValue & {
  /** A value of another type is left out, and so is a string of more than 1,024 characters. @default 'string' */
  readonly type?: 'string' | 'integer' | 'number' | 'boolean';
};

/** What identifies an event: a value, several values together, or a hash of the event. */
export type EventIdentity = EventValue | readonly EventValue[] | { readonly hash: 'body' };

/** How events are read from a verified body. */
export interface CustomEvent {
  /**
   * What identifies an event, the same in each of its deliveries, and in no other event: `{ pointer }`, `{ header }`, a
   * list of them, all of which an event must have, or `{ hash: 'body' }`.
   */
  readonly id: EventIdentity;
  /** What happened. Several values are joined with `.`, and missing ones are left out. @default - none */
  readonly type?: EventValue | readonly EventValue[];
  /**
   * When it happened. If it is signed, and no timestamp is, then an event older than the retention is invalid.
   * @default - none
   */
  readonly time?: EventValue & { readonly format: TimeFormatName };
  /** A JSON pointer to the list of events in a body: `''` if the body is the list. @default - a body is one event */
  readonly batch?: string;
  /** The media types that are accepted, without parameters. A body is JSON, or a form. @default ['application/json'] */
  readonly contentTypes?: readonly string[];
  /** The field of a form that holds JSON. @default - the fields of the form are the event */
  readonly formField?: string;
  /**
   * Whether each delivery of an event has the same bytes. If so, another payload under a stored id is a conflict.
   * @default false
   */
  readonly immutable?: boolean;
  /** The values that become the item's `data`, by name: at most 32. @default - none */
  readonly data?: Readonly<Record<string, DataValue>>;
  /** What must hold for an event. An event for which it does not is invalid: see `onInvalid`. @default - anything */
  readonly schema?: JsonSchema;
}

/** What a request must hold to be a handshake. */
export type HandshakeCondition = (InQuery | InHeader | AtPointer) & {
  /** The value. In the query string and in headers, it is text. */
  readonly equals: string | number | boolean;
};

/** The response to a handshake, or to an event. */
export interface TextAnswer {
  /** @default 200 */
  readonly status?: number;
  /** @default 'text/plain' */
  readonly contentType?: string;
  /** Text with the placeholders `{challenge}` and `{hmac}`. @default '' */
  readonly text?: string;
  /** A header, such as `X-Hook-Secret`, that repeats the challenge. For a handshake with `secret` alone. @default - none */
  readonly header?: string;
}

/** A response in JSON. */
export interface JsonAnswer {
  /** @default 200 */
  readonly status?: number;
  /** The fields of the object. Text may have the placeholders `{challenge}` and `{hmac}`. */
  readonly json: Readonly<Record<string, string | number | boolean>>;
}

/** A request that a sender makes before it sends events, and the response that it expects. */
export interface CustomHandshake {
  /** The HTTP method of the request. */
  readonly method: 'GET' | 'POST' | 'HEAD';
  /**
   * Whether the sender signs it. One that reads the body always is, unless it has `secret`. An unsigned one is answered to
   * anyone.
   * @default - true for POST, false for GET and HEAD, and with `secret`
   */
  readonly signed?: boolean;
  /**
   * Whether the challenge is the signing secret, which the sender hands out: 16 to 128 letters, digits and `_+/=.~$-`. It
   * is stored by an operator alone, with `webhook-inbox secret <source> --from-handshake`.
   * @default false
   */
  readonly secret?: boolean;
  /** What tells it from other requests: all of the conditions hold. @default - the method alone */
  readonly when?: readonly HandshakeCondition[];
  /** The value that is sent back, as it is or as HMAC: at most 1,024 characters, without markup. @default - none */
  readonly challenge?: InQuery | InHeader | AtPointer;
  /** `{hmac}` is the HMAC of the challenge, with the hash, the encoding and the secret of the signature. */
  readonly answer: TextAnswer | JsonAnswer;
}

/** The response to a delivery whose events are durable. */
export interface CustomAcknowledgement {
  /** From 200 to 299. @default 200 */
  readonly status?: number;
  /** @default 'text/plain' */
  readonly contentType?: string;
  /** A fixed text of at most 1,024 characters. @default '' */
  readonly body?: string;
}

/** A sender's scheme as data: how its requests are verified, and how events are read from them. */
export interface CustomDefinition {
  /** The sender's name, for people. @default 'Custom' */
  readonly title?: string;
  /** The URL of the page that documents the sender's signatures. @default - this project's page */
  readonly documentation?: string;
  /** How a request is verified, and signed. */
  readonly signature: CustomSignature;
  /** How events are read. */
  readonly event: CustomEvent;
  /** The handshakes of the sender, each tried in turn. At most 5. @default - none */
  readonly handshakes?: readonly CustomHandshake[];
  /** The response that the sender requires to its events. @default - 200 with JSON, see docs/http.md */
  readonly acknowledgement?: CustomAcknowledgement;
  /**
   * Requests for `send` and the probe, by name, before they are signed. The names of their headers are in lower case. See
   * samples/README.md for the placeholders.
   * @default - a request with the values that the definition names
   */
  readonly samples?: Readonly<Record<string, Sample>>;
}
