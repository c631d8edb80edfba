/**
 * What a stored value begins with that is the public key of an operator who waits for a handshake, and no secret. Nothing
 * verifies with such a value, whatever follows.
 */
export const HANDSHAKE_KEY_PREFIX = 'handshake-key:';

/** Whether a stored value is the key of an operator who waits for a handshake. */
export function isHandshakeKey(value: string): boolean {
  return value.startsWith(HANDSHAKE_KEY_PREFIX);
}
