import { Duration, Validations } from 'aws-cdk-lib';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Options of a dead-letter queue. */
export interface DeadLetterQueueProps {
  /** Why nothing comes after this queue. */
  readonly reason: string;
  /** @default - a key that SQS manages */
  readonly encryptionKey?: IKey | undefined;
}

/** Adds a queue that keeps its messages for 14 days, the longest that SQS does, and accepts only TLS. */
export function deadLetterQueue(scope: Construct, { reason, encryptionKey }: DeadLetterQueueProps): Queue {
  const queue = new Queue(scope, 'DeadLetters', {
    ...queueEncryption(encryptionKey),
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  Validations.of(queue).acknowledge({ id: 'AwsSolutions::AwsSolutions-SQS3', reason });
  return queue;
}

/** Encryption of a queue: by the key of the inbox, or by a key that SQS manages, free of charge. */
export function queueEncryption(encryptionKey: IKey | undefined) {
  if (!encryptionKey) return { encryption: QueueEncryption.SQS_MANAGED };
  return { encryption: QueueEncryption.KMS, encryptionMasterKey: encryptionKey };
}
