/**
 * A secret that a handshake may hand out: its characters are safe in a header, and in a terminal. No colon is among them,
 * so that a stranger's secret is never a prefix that means something else to the receiver.
 */
export function handedOutSecret(value: unknown): string | undefined {
  const isPlain = typeof value === 'string' && /^[\w+/=.~$-]{16,128}$/.test(value);
  return isPlain ? value : undefined;
}
