/** A source's signing secret, and the one before it. */
export interface SigningSecret {
  /** Never empty. */
  readonly current: string;
  /** The one before, accepted until the given time (epoch milliseconds) so that a rotation loses nothing. */
  readonly previous?: { readonly value: string; readonly acceptedUntil: number };
}

/** No secret to verify with. `reason` is for the operator's log. */
export interface SecretUnavailable {
  readonly reason: 'secret_missing' | 'secret_empty' | 'secret_unreachable';
  readonly cause?: unknown;
}

/** What asking for a secret came to. */
export type SecretResult = { readonly secret: SigningSecret } | { readonly unavailable: SecretUnavailable };

/**
 * Reads a source's secret from where it is kept.
 * @param deadline when to give up, on the clock of `performance.now()`
 */
export type ReadSecret = (source: string, deadline: number) => Promise<SecretResult>;

/** A stored value as a secret: white space around it, such as the newline an editor leaves, is not part of it. */
export function trimmedSecret(stored: string | undefined): string | undefined {
  return stored?.trim() || undefined;
}
