import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledge.ts';
import type { SourcesProps } from './sources.ts';

/** Options of the payload bucket. */
export interface PayloadBucketProps {
  readonly sources: SourcesProps<string>;
  /** Retention of the inbox, for sources without a retention. */
  readonly retention: Duration;
  /**
   * Removal policy of the bucket. CloudFormation deletes only an empty bucket, so a stack with the policy `DESTROY`
   * cannot be deleted before the bucket is emptied: the CDK would empty it with another function, which could delete
   * every object.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy | undefined;
  /**
   * KMS key that encrypts the objects, in the bucket's region.
   * @default - keys that S3 manages, free of charge
   */
  readonly encryptionKey?: IKey | undefined;
}

/**
 * The bucket of payloads that are too large for an item. It is private and encrypted, and it accepts only TLS.
 *
 * S3 deletes an object one to two days after the last item that can name it has expired, so no item outlives its payload.
 */
export class PayloadBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: PayloadBucketProps) {
    super(scope, id);
    const { sources, retention, removalPolicy = RemovalPolicy.RETAIN, encryptionKey } = props;
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      ...(encryptionKey
        ? { encryption: BucketEncryption.KMS, encryptionKey, bucketKeyEnabled: true }
        : { encryption: BucketEncryption.S3_MANAGED }),
      enforceSSL: true,
      lifecycleRules: [{ id: 'Expire', expiration: objectLifetime(sources, retention) }],
      removalPolicy,
    });
    // A bucket that is retained keeps the policy that requires TLS.
    this.bucket.policy?.applyRemovalPolicy(removalPolicy);
    acknowledge(this.bucket, {
      rule: 'S1',
      reason: 'An access log needs another bucket and repeats the log of the receiver, the only writer of this bucket.',
    });
  }
}

/** Lifetime of a quarantine item, in days. */
const QUARANTINE_DAYS = 14;

/**
 * Lifetime of an object: the longest lifetime of an item, in whole days, and one more day, because an object is written
 * before its item. An item lives for its source's retention, or for the tolerance of its provider's signatures if that
 * is longer; every tolerance is shorter than the lifetime of a quarantine item.
 */
function objectLifetime(sources: SourcesProps<string>, retention: Duration): Duration {
  const retentions = Object.values(sources).map((source) => source.retention ?? retention);
  const days = [retention, ...retentions].map((each) => Math.ceil(each.toSeconds() / Duration.days(1).toSeconds()));
  return Duration.days(Math.max(QUARANTINE_DAYS, ...days) + 1);
}
