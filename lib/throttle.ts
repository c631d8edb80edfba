import { Token } from 'aws-cdk-lib';

/** How many requests are let through; API Gateway answers the others with 429, before any function runs. */
export interface Throttle {
  /** A second, steadily. */
  readonly rateLimit: number;
  /** At once. */
  readonly burstLimit: number;
}

/** What is wrong with a throttle, and what to change; undefined where nothing is. */
export function validateThrottle({ rateLimit, burstLimit }: Throttle): string | undefined {
  if (Token.isUnresolved([rateLimit, burstLimit])) return undefined;
  if (!Number.isFinite(rateLimit) || rateLimit <= 0) {
    return `throttle.rateLimit must be a number of requests a second, above 0, not ${rateLimit}.`;
  }
  if (!Number.isInteger(burstLimit) || burstLimit < 1) {
    return `throttle.burstLimit must be a whole number of requests, 1 at least, not ${burstLimit}.`;
  }
  return undefined;
}
