import { constants, createPrivateKey, generateKeyPairSync, type SignKeyObjectInput, sign, verify } from 'node:crypto';
import { type Algorithm, decode, type Encoding, join } from './algorithm.ts';
import { toPem } from './asymmetric.ts';
import { isRsaKey, pinnedKey } from './public-key.ts';

/** How an RSA signature is made and written. */
export interface RsaOptions {
  /** @default base64 */
  readonly encoding?: Encoding;
  /** PKCS #1 v1.5, or PSS with a salt as long as the hash. @default pkcs1 */
  readonly padding?: 'pkcs1' | 'pss';
}

const PADDINGS: Record<'pkcs1' | 'pss', Pick<SignKeyObjectInput, 'padding' | 'saltLength'>> = {
  pkcs1: { padding: constants.RSA_PKCS1_PADDING },
  pss: { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST },
};

/**
 * RSA with SHA-256 and a pinned public key, which is the secret: SubjectPublicKeyInfo in PEM, or its DER in base64. Keys
 * below 2,048 bits are no keys of this scheme.
 * @see https://www.rfc-editor.org/rfc/rfc8017#section-8
 */
export function rsa({ encoding = 'base64', padding = 'pkcs1' }: RsaOptions = {}): Algorithm {
  const keyOf = pinnedKey(isRsaKey);
  return {
    verify(signedContent, signature, secret) {
      const claimed = decode(signature, encoding);
      if (!claimed?.length) return 'malformed';
      const key = keyOf(secret);
      if (!key) return 'unusable_secret';
      return verify('sha256', join(signedContent), { key, ...PADDINGS[padding] }, claimed) ? 'valid' : 'mismatch';
    },
    sign: (signedContent, key) =>
      sign('sha256', join(signedContent), { key: createPrivateKey(key), ...PADDINGS[padding] }).toString(encoding),
    generateKeys() {
      const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
      const verification = publicKey.export({ format: 'pem', type: 'spki' }).toString();
      return { signing: toPem(privateKey), verification };
    },
  };
}
