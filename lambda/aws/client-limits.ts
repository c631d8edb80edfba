/** Attempts of an AWS client per call, and the longest wait of each in milliseconds; without one it waits forever. */
export interface ClientLimits {
  readonly maxAttempts: number;
  readonly requestHandler?: {
    readonly connectionTimeout?: number;
    readonly requestTimeout?: number;
    readonly throwOnRequestTimeout?: boolean;
  };
}

/**
 * How long the AWS clients wait, so that a delivery is answered within its time budget: a second attempt fits into it,
 * a third does not. The budget itself ends whatever still runs.
 * @see ../receiver/delivery.ts
 */
export const CLIENT_LIMITS = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_000, throwOnRequestTimeout: true },
} as const satisfies ClientLimits;
