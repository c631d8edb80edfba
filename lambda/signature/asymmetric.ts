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

/** How an Ed25519 signature and its public key are written. */
export interface Ed25519Options {
  /** The encoding of the signature, and of the key. */
  readonly encoding: Encoding;
  /** What precedes the public key. A key without it is accepted too. @default - nothing */
  readonly keyPrefix?: string;
}

/**
 * Ed25519. The public key is its 32 bytes as text.
 * @see https://www.rfc-editor.org/rfc/rfc8032
 */
export function ed25519({ encoding, keyPrefix = '' }: Ed25519Options): Algorithm {
  return asymmetric({
    hash: null,
    encoding,
    isSignature: (bytes) => bytes.length === 64,
    publicKey(secret) {
      const raw = decodeKey(secret.startsWith(keyPrefix) ? secret.slice(keyPrefix.length) : secret, encoding);
      return createPublicKey({
        key: Buffer.concat([ED25519_SPKI, raw ?? Buffer.alloc(0)]),
        format: 'der',
        type: 'spki',
      });
    },
    generateKeys() {
      const { publicKey, privateKey } = generateKeyPairSync('ed25519');
      const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(ED25519_SPKI.length);
      return { signing: toPem(privateKey), verification: keyPrefix + raw.toString(encoding) };
    },
  });
}

/**
 * ECDSA with SHA-256 on P-256. The signature is DER in base64. The public key is SubjectPublicKeyInfo in base64, without
 * the lines of a PEM file around it.
 */
export function ecdsaP256(): Algorithm {
  return asymmetric({
    hash: 'sha256',
    encoding: 'base64',
    isSignature: (bytes) => bytes[0] === 0x30,
    publicKey: (secret) => createPublicKey({ key: Buffer.from(secret, 'base64'), format: 'der', type: 'spki' }),
    generateKeys() {
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const spki = publicKey.export({ format: 'der', type: 'spki' });
      return { signing: toPem(privateKey), verification: spki.toString('base64') };
    },
  });
}

/** A private key in PEM. */
export function toPem(key: KeyObject): string {
  return key.export({ format: 'pem', type: 'pkcs8' }).toString();
}
