import {
  createHmac,
  createPrivateKey,
  createSecretKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  timingSafeEqual,
  verify,
} from 'node:crypto';
import { toPem } from './asymmetric.ts';
import { type JsonObject, jsonObject } from './json-body.ts';
import { isP256Key, isPublicKey, isRsaKey, pinnedKey } from './public-key.ts';
import type { SigningKeys } from './scheme.ts';

/** The name of an algorithm. It belongs to the definition of a scheme, and is never taken from a token. */
export type JwsName = 'HS256' | 'RS256' | 'ES256';

/** An algorithm of JSON Web Signature. */
export interface JwsAlgorithm {
  readonly name: JwsName;
  /** The key that a secret stands for; undefined if it is none of this algorithm. */
  readonly keyOf: (secret: string) => KeyObject | undefined;
  /** Whether a key, for example one of a key set, is one of this algorithm. */
  readonly isKey: (key: KeyObject) => boolean;
  /** Whether the bytes have the length of a signature. */
  readonly isSignature: (bytes: Buffer) => boolean;
  readonly verify: (input: Buffer, signature: Buffer, key: KeyObject) => boolean;
  readonly sign: (input: Buffer, key: string) => Buffer;
  readonly generateKeys: () => SigningKeys;
}

/** A token in its parts. Nothing in it is parsed yet. */
export interface Jws {
  /** The bytes that the signature covers. */
  readonly input: Buffer;
  readonly header: Buffer;
  readonly payload: Buffer;
  readonly signature: Buffer;
}

/** More characters than the header of a provider's token has, with the three certificates of a chain in it. */
const MAX_HEADER = 16_384;

/** More than any signature of these algorithms has, in characters: RSA with 8,192 bits. */
const MAX_SIGNATURE = 1_366;

/**
 * Splits a token in the compact serialization. Each part must be base64url as RFC 7515 writes it: without padding, white
 * space or bits that are left over, so that a token can be written in one way only.
 * @returns undefined for any other text
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-7.1
 */
export function splitJws(token: string): Jws | undefined {
  const [first, second, third, ...others] = token.split('.', 4);
  if (!first || !second || !third || others.length > 0) return undefined;
  if (first.length > MAX_HEADER || third.length > MAX_SIGNATURE) return undefined;
  const [header, payload, signature] = [first, second, third].map(base64url);
  if (!header || !payload || !signature) return undefined;
  return { input: Buffer.from(`${first}.${second}`), header, payload, signature };
}

/** `Buffer.from` skips what is not in the encoding, so the text must be what the bytes are written as. */
function base64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}

/**
 * The header of a token, if the token names the algorithm that it is verified with, and no extension that must be
 * understood.
 * @see https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11
 */
export function headerOf({ header }: Jws, algorithm: JwsAlgorithm): JsonObject | undefined {
  const content = jsonObject(header);
  return content?.alg === algorithm.name && content.crit === undefined ? content : undefined;
}

/** A signed token. */
export function signJws(header: object, payload: Buffer, algorithm: JwsAlgorithm, key: string): string {
  const parts = [Buffer.from(JSON.stringify({ alg: algorithm.name, ...header })), payload];
  const input = parts.map((part) => part.toString('base64url')).join('.');
  return `${input}.${algorithm.sign(Buffer.from(input), key).toString('base64url')}`;
}

function hs256(): JwsAlgorithm {
  const digest = (input: Buffer, key: KeyObject) => createHmac('sha256', key).update(input).digest();
  return {
    name: 'HS256',
    // Anyone knows a public key, so it is no shared secret, although it is text like one.
    keyOf: (secret) => (secret === '' || isPublicKey(secret) ? undefined : createSecretKey(Buffer.from(secret))),
    isKey: ({ type }) => type === 'secret',
    isSignature: ({ length }) => length === 32,
    verify: (input, signature, key) => timingSafeEqual(digest(input, key), signature),
    sign: (input, key) => digest(input, createSecretKey(Buffer.from(key))),
    generateKeys() {
      const secret = randomBytes(32).toString('hex');
      return { signing: secret, verification: secret };
    },
  };
}

function rs256(): JwsAlgorithm {
  return {
    name: 'RS256',
    keyOf: pinnedKey(isRsaKey),
    isKey: isRsaKey,
    isSignature: ({ length }) => length >= 256,
    verify: (input, signature, key) => verify('sha256', input, key, signature),
    sign: (input, key) => sign('sha256', input, createPrivateKey(key)),
    generateKeys: () => pairOf(generateKeyPairSync('rsa', { modulusLength: 2_048 })),
  };
}

/** The signature is two numbers of 32 bytes each, not DER. */
function es256(): JwsAlgorithm {
  return {
    name: 'ES256',
    keyOf: pinnedKey(isP256Key),
    isKey: isP256Key,
    isSignature: ({ length }) => length === 64,
    verify: (input, signature, key) => verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature),
    sign: (input, key) => sign('sha256', input, { key: createPrivateKey(key), dsaEncoding: 'ieee-p1363' }),
    generateKeys: () => pairOf(generateKeyPairSync('ec', { namedCurve: 'P-256' })),
  };
}

function pairOf({ publicKey, privateKey }: { readonly publicKey: KeyObject; readonly privateKey: KeyObject }) {
  const verification = publicKey.export({ format: 'pem', type: 'spki' }).toString();
  return { signing: toPem(privateKey), verification };
}

const ALGORITHMS: Readonly<Record<JwsName, () => JwsAlgorithm>> = { HS256: hs256, RS256: rs256, ES256: es256 };

/**
 * An algorithm of JSON Web Signature: HMAC, RSA (PKCS #1 v1.5), or ECDSA on P-256, each with SHA-256.
 * @see https://www.rfc-editor.org/rfc/rfc7518#section-3.1
 */
export function jwsAlgorithm(name: JwsName): JwsAlgorithm {
  return ALGORITHMS[name]();
}
