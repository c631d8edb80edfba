import { inHeaders } from './carrier.ts';
import type { SignatureScheme } from './scheme.ts';
import { signedBy } from './signed-by.ts';
import { token } from './token.ts';

/**
 * The secret itself in a header, instead of a signature.
 * @param header in lower case
 */
export function tokenInHeader(header: string): SignatureScheme {
  return signedBy({ carrier: inHeaders({ signature: header }), algorithm: token, bodyCoverage: 'nothing' });
}
