import { Duration } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/**
 * Adds a queue that keeps its messages for 14 days, the longest that SQS does, and accepts only TLS.
 * @param encryptionKey a key that SQS manages, if undefined
 */
export function deadLetterQueue(scope: Construct, encryptionKey: IKey | undefined): Queue {
  return new Queue(scope, 'DeadLetters', {
    ...queueEncryption(encryptionKey),
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
}

/** Encryption of a queue: by the key of the inbox, or by a key that SQS manages, free of charge. */
export function queueEncryption(encryptionKey: IKey | undefined) {
  if (!encryptionKey) return { encryption: QueueEncryption.SQS_MANAGED };
  return { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey };
}
