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
 * Limits that keep a delivery within its time budget: a second attempt fits into the part that the tables get, a third
 * does not. When that part is used up, the calls in progress are aborted.
 * @see ../receiver/delivery.ts
 */
export const CLIENT_LIMITS = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 400, requestTimeout: 700, throwOnRequestTimeout: true },
} as const satisfies ClientLimits;

/** Limits of the overflow queue's client: its two attempts fit into the time that the tables leave. */
export const QUEUE_CLIENT_LIMITS = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 250, requestTimeout: 370, throwOnRequestTimeout: true },
} as const satisfies ClientLimits;

/**
 * Limits of the forwarder's clients. Nobody waits for the forwarder, so they are generous; but a call must end within half
 * of an invocation's two minutes.
 */
export const FORWARDER_LIMITS = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: 25_000, throwOnRequestTimeout: true },
} as const satisfies ClientLimits;
