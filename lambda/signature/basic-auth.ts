import type { Algorithm } from './algorithm.ts';
import { inHeaders } from './carrier.ts';
import type { SignatureScheme } from './scheme.ts';
import { signedBy } from './signed-by.ts';
import { isSameText, token } from './token.ts';

const PREFIX = 'Basic ';

/**
 * HTTP basic authentication instead of a signature. The secret is `user:password`, and `Authorization` holds it in base64.
 * The credentials are compared as they are encoded, so nothing of the request is decoded, and there is one way to write
 * them.
 * @see https://www.rfc-editor.org/rfc/rfc7617#section-2
 */
export function basicAuth(): SignatureScheme {
  return signedBy({
    carrier: inHeaders({ signature: 'authorization', prefix: PREFIX }),
    algorithm: credentials,
    bodyCoverage: 'nothing',
  });
}

const credentials: Algorithm = {
  verify(_, sent, secret) {
    if (!isCredentials(secret)) return 'unusable_secret';
    return isSameText(sent, encoded(secret)) ? 'valid' : 'mismatch';
  },
  sign: (_, key) => encoded(key),
  generateKeys() {
    const secret = `webhook:${token.generateKeys().signing}`;
    return { signing: secret, verification: secret };
  },
};

/** A user name of at least one character, which holds no colon, and a password. */
const isCredentials = (secret: string) => /^[^:]+:./s.test(secret);

const encoded = (secret: string) => Buffer.from(secret).toString('base64');
