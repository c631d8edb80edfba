import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { type Algorithm, decode, decodeKey, type Encoding, join } from './algorithm.ts';
import type { SigningKeys } from './scheme.ts';

/** What precedes the 32 bytes of an Ed25519 public key in SubjectPublicKeyInfo (RFC 8410). */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');

const MAX_REMEMBERED = 4;

interface AsymmetricOptions {
  readonly hash: string | null;
  readonly encoding: Encoding;
  readonly isSignature: (bytes: Buffer) => boolean;
  /** Throws if the secret is not a key. */
  readonly publicKey: (secret: string) => KeyObject;
  readonly generateKeys: () => SigningKeys;
}

/**
 * Remembers the keys of four secrets, because parsing a key takes longer than verifying with it. A source has one
 * secret, and two during a rotation.
 * @param parse may throw; the key of such a secret is undefined
 */
export function remembering<Key>(parse: (secret: string) => Key): (secret: string) => Key | undefined {
  const keys = new Map<string, Key | undefined>();
  return (secret) => {
    if (!keys.has(secret)) {
      if (keys.size >= MAX_REMEMBERED) keys.clear();
      keys.set(
        secret,
        tryTo(() => parse(secret)),
      );
    }
    return keys.get(secret);
  };
}

function tryTo<T>(parse: () => T): T | undefined {
  try {
    return parse();
  } catch {
    return undefined;
  }
}

function asymmetric({ hash, encoding, isSignature, publicKey, generateKeys }: AsymmetricOptions): Algorithm {
  const keyOf = remembering(publicKey);
  return {
    verify(signedContent, signature, secret) {
      const claimed = decode(signature, encoding);
      if (!claimed || !isSignature(claimed)) return 'malformed';
      const key = keyOf(secret);
      if (!key) return 'unusable_secret';
      return verify(hash, join(signedContent), key, claimed) ? 'valid' : 'mismatch';
    },
    sign: (signedContent, key) => sign(hash, join(signedContent), createPrivateKey(key)).toString(encoding),
    generateKeys,
  };
}

/**
 * How a public key is written: its bytes in hexadecimal or base64, or SubjectPublicKeyInfo in a PEM file. The bytes are
 * SubjectPublicKeyInfo too, or, for Ed25519, the 32 bytes of the key alone.
 */
export type PublicKeyForm = 'hex' | 'base64' | 'pem';

/** How an Ed25519 signature and its public key are written. */
export interface Ed25519Options {
  /** The encoding of the signature and of the key. */
  readonly encoding: Encoding;
  /** @default - the encoding of the signature */
  readonly key?: PublicKeyForm;
  /** What precedes the public key. A key without it is accepted too. @default - nothing */
  readonly keyPrefix?: string;
}

/**
 * Ed25519.
 * @see https://www.rfc-editor.org/rfc/rfc8032
 */
export function ed25519({
  encoding,
  key = encoding === 'hex' ? 'hex' : 'base64',
  keyPrefix = '',
}: Ed25519Options): Algorithm {
  return asymmetric({
    hash: null,
    encoding,
    isSignature: (bytes) => bytes.length === 64,
    publicKey(secret) {
      const text = secret.startsWith(keyPrefix) ? secret.slice(keyPrefix.length) : secret;
      return ofType('ed25519', key === 'pem' ? createPublicKey(text) : ed25519Key(decodeKey(text, key)));
    },
    generateKeys() {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519');
      const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(ED25519_SPKI.length);
      const verification = key === 'pem' ? publicPem(publicKey) : keyPrefix + raw.toString(key);
      return { signing: toPem(privateKey), verification };
    },
  });
}

/** @param bytes the 32 bytes of the key, or SubjectPublicKeyInfo */
function ed25519Key(bytes: Buffer = Buffer.alloc(0)): KeyObject {
  const key = bytes.length === 32 ? Buffer.concat([ED25519_SPKI, bytes]) : bytes;
  return createPublicKey({ key, format: 'der', type: 'spki' });
}

/** How an ECDSA signature and its public key are written. */
export interface EcdsaOptions {
  /** The encoding of the signature, which is DER. @default base64 */
  readonly encoding?: Encoding;
  /** @default base64 */
  readonly key?: PublicKeyForm;
}

/** ECDSA with SHA-256 on P-256. The public key is SubjectPublicKeyInfo. */
export function ecdsaP256({ encoding = 'base64', key = 'base64' }: EcdsaOptions = {}): Algorithm {
  return asymmetric({
    hash: 'sha256',
    encoding,
    isSignature: (bytes) => bytes[0] === 0x30,
    publicKey(secret) {
      if (key === 'pem') return ofType('ec', createPublicKey(secret));
      return ofType('ec', createPublicKey({ key: Buffer.from(secret, key), format: 'der', type: 'spki' }));
    },
    generateKeys() {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const spki = publicKey.export({ format: 'der', type: 'spki' });
      return { signing: toPem(privateKey), verification: key === 'pem' ? publicPem(publicKey) : spki.toString(key) };
    },
  });
}

/** The key. Throws for a key of another type or on another curve. */
function ofType(type: 'ed25519' | 'ec', key: KeyObject): KeyObject {
  const { namedCurve = 'prime256v1' } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType !== type || namedCurve !== 'prime256v1') throw new TypeError('Another kind of key.');
  return key;
}

const publicPem = (key: KeyObject) => key.export({ format: 'pem', type: 'spki' }).toString();

/** A private key in PEM. */
export function toPem(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}
