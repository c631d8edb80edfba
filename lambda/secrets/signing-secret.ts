/** The signing secret of a source, and the previous one. */
export interface SigningSecret {
  /** Never empty. */
  readonly current: string;
  /** Accepted until the given time (epoch milliseconds), so that no delivery is rejected during a rotation. */
  readonly previous?: { readonly value: string; readonly acceptedUntil: number };
}

/** Why there is no secret to verify with, for the operator's log. */
export interface SecretUnavailable {
  readonly reason: 'secret_missing' | 'secret_empty' | 'secret_unreachable';
  readonly cause?: unknown;
}

/** A source's secret, or why there is none. */
export type SecretResult = { readonly secret: SigningSecret } | { readonly unavailable: SecretUnavailable };

/**
 * Reads a source's secret from the store.
 * @param deadline when to give up, on the clock of `performance.now()`
 */
export type ReadSecret = (source: string, deadline: number) => Promise<SecretResult>;

/**
 * The secret in a stored value: without the white space around it, such as the newline that an editor adds.
 * @returns undefined if nothing is left
 */
export function trimmedSecret(stored: string | undefined): string | undefined {
  return stored?.trim() || undefined;
}
