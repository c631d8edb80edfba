/** Attempts of an AWS client per call, and the timeouts of each attempt in milliseconds; without them it waits forever. */
export interface ClientLimits {
  readonly maxAttempts: number;
  readonly requestHandler?: {
    readonly connectionTimeout?: number;
    readonly requestTimeout?: number;
    readonly throwOnRequestTimeout?: boolean;
  };
}

/**
 * Limits that keep a delivery within its time budget: a second attempt fits into it, a third does not. When the budget
 * is used up, the calls in progress are aborted.
 * @see ../receiver/delivery.ts
 */
export const CLIENT_LIMITS = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_000, throwOnRequestTimeout: true },
} as const satisfies ClientLimits;
