import { abortAt, type OpenDeadline } from '../aws/deadline.ts';
import type { PayloadBucket, Unavailable } from './payload-bucket.ts';
import { type S3BucketOptions, s3Request } from './s3-request.ts';

/** How a bucket in S3 is written to. */
export interface S3PayloadBucketOptions extends S3BucketOptions {
  /** What precedes the source's name in each key. @default - nothing */
  readonly prefix?: string | undefined;
  /** Ends a write at its deadline. @default abortAt */
  readonly openDeadline?: OpenDeadline;
}

/** A second attempt fits into a delivery's time budget, a third one does not. */
const ATTEMPTS = 2;

/** A bucket in Amazon S3. */
export function s3PayloadBucket(options: S3PayloadBucketOptions): PayloadBucket {
  const { openDeadline = abortAt, prefix } = options;
  const send = s3Request(options);
  return {
    prefix,
    async put({ key, bytes }, deadline) {
      let failure: Unavailable | undefined;
      for (let left = ATTEMPTS; left > 0; left -= 1) {
        const now = performance.now();
        // A connection may be dead without a sign, so an attempt gets only its share of the time.
        using limit = openDeadline(now + (deadline - now) / left);
        failure = await send({ key, bytes, signal: limit.signal }).then(
          () => undefined,
          (error: unknown) => ({ unavailable: causeOf(error) }),
        );
        if (!failure) return undefined;
      }
      return failure;
    },
  };
}

/** The error behind "fetch failed", which names a socket or a host. */
const causeOf = (error: unknown): unknown => Object(error).cause ?? error;
