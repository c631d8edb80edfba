import { isHandshakeKey } from './handshake-key.ts';

/** The signing secret of a source, and the previous one. */
export interface SigningSecret {
  /** Never empty. */
  readonly current: string;
  /** @default - none */
  readonly previous?: PreviousSecret;
}

/** The secret before the last rotation, which is accepted for a time, so that no delivery is rejected meanwhile. */
export interface PreviousSecret {
  readonly value: string;
  /** Epoch milliseconds. */
  readonly acceptedUntil: number;
}

/** Why there is no secret to verify with, for the operator's log. */
export interface SecretUnavailable {
  readonly reason: 'secret_missing' | 'secret_empty' | 'secret_unreachable' | 'secret_awaits_handshake';
  readonly cause?: unknown;
  /** The secret before the handshake that is awaited, which is still accepted. @default - none */
  readonly previous?: PreviousSecret;
}

/** A source's secret, or why there is none. */
export type SecretResult = ({ readonly secret: SigningSecret } | { readonly unavailable: SecretUnavailable }) & {
  /** The stored key of an operator who waits for a handshake that hands out the secret. @default - nobody waits */
  readonly handshakeKey?: string;
};

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

/**
 * The previous secret in a stored value, which is none if it was the key of an operator who waited for a handshake.
 * @param acceptedUntil epoch milliseconds
 */
export function previousSecret(stored: string | undefined, acceptedUntil: number): PreviousSecret | undefined {
  const value = trimmedSecret(stored);
  return value === undefined || isHandshakeKey(value) ? undefined : { value, acceptedUntil };
}

/** The result for stored values: the key of an operator who waits for a handshake is no secret. */
export function secretResult(current: string, previous: PreviousSecret | undefined): SecretResult {
  const before = previous && { previous };
  if (!isHandshakeKey(current)) return { secret: { current, ...before } };
  return { unavailable: { reason: 'secret_awaits_handshake', ...before }, handshakeKey: current };
}
