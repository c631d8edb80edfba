/**
 * How long the AWS clients wait, so that a delivery is answered within its time budget: a second attempt fits into it,
 * a third does not. The budget itself ends whatever still runs.
 * @see ./middleware/delivery.ts
 */
export const CLIENT_LIMITS = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 500, requestTimeout: 1_000, throwOnRequestTimeout: true },
} as const;
