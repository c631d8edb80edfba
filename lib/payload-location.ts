import type { IBucket } from 'aws-cdk-lib/aws-s3';

/** A part of an existing bucket. */
export interface PayloadLocation {
  /** The bucket, in the inbox's account and region. */
  readonly bucket: IBucket;
  /**
   * What the keys of the inbox's objects begin with, such as `webhooks/`: letters, digits, hyphens, underscores and dots, and
   * a slash at the end of each part. No function of the inbox, no consumer and no operator is allowed more of the bucket.
   */
  readonly prefix: string;
}

/** Where payloads are kept: the bucket, and what keys begin with, which may be empty. */
export interface PayloadStore {
  readonly payloadBucket: IBucket;
  readonly payloadPrefix: string;
}

/** The existing place for payloads; `undefined` if the inbox gets a new bucket. */
export function existingPayloads(payloadBucket: IBucket | PayloadLocation | undefined): PayloadStore | undefined {
  if (!payloadBucket) return undefined;
  if (!('prefix' in payloadBucket)) return { payloadBucket, payloadPrefix: '' };
  return { payloadBucket: payloadBucket.bucket, payloadPrefix: payloadBucket.prefix };
}

/** The ARN of all objects of an inbox. */
export function payloadArn({ payloadBucket, payloadPrefix }: PayloadStore): string {
  return payloadBucket.arnForObjects(`${payloadPrefix}*`);
}

/** One or more parts of a path, none of which a URL would resolve, with a slash after each. */
const PREFIX = /^(?:(?!\.{1,2}\/)[\w.-]+\/)+$/;

/** S3 allows 1,024 bytes, and the name of a source and a hash follow. */
const MAX_PREFIX = 200;

/**
 * Validates a prefix, also for callers without type checks.
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validatePrefix(prefix: string): string | undefined {
  if (prefix === '' || (PREFIX.test(prefix) && prefix.length <= MAX_PREFIX)) return undefined;
  return `payloadBucket.prefix must be parts of letters, digits, "-", "_" and ".", each with a slash after it, such as "webhooks/", and have at most ${MAX_PREFIX} characters.`;
}
