import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { EventSourceMapping, type Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { LogGroupProps } from '../log-group.ts';
import { deadLetterQueue, queueEncryption } from './dead-letter-queue.ts';
import type { FunctionOptions } from './function-options.ts';
import { kmsStatement } from './kms-statement.ts';
import { nodeFunction } from './node-function.ts';
import {
  acknowledgeEveryObject,
  payloadEnvironment,
  type StoreResources,
  storeStatements,
} from './store-statements.ts';

/** Options of the overflow. */
export interface EventOverflowProps extends LogGroupProps, StoreResources {
  /** Name of the inbox. */
  readonly inbox: string;
  /** Options of the function. */
  readonly options: FunctionOptions;
}

/** How long the function may take: longer than its own time budget of 20 s. */
const FUNCTION_TIMEOUT = Duration.seconds(30);

/** After a failure, SQS waits this long; AWS advises six times the function's time-out or more. */
const RETRY_DELAY = Duration.minutes(6);

/** How long events are tried again before they become dead letters. */
const RETRY_PERIOD = Duration.days(4);

/**
 * The overflow: the queue that takes the events that the receiver cannot store in time, and the function that stores them
 * from there. What cannot be stored within 4 days ends in a dead-letter queue.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
 */
export class EventOverflow extends Construct {
  /** Queue of the events that the receiver could not store in time. */
  readonly queue: Queue;
  /** Dead-letter queue. Its messages are those of the queue. */
  readonly deadLetters: Queue;
  /** Function that stores the events. */
  readonly function: LambdaFunction;
  /** What invokes the function with the queue's messages. */
  readonly mapping: EventSourceMapping;

  constructor(scope: Construct, id: string, props: EventOverflowProps) {
    super(scope, id);
    const { inbox, table, quarantine, encryptionKey, logRetention, options } = props;
    this.deadLetters = deadLetterQueue(this, encryptionKey);
    this.queue = new Queue(this, 'Queue', {
      ...queueEncryption(encryptionKey),
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
      visibilityTimeout: RETRY_DELAY,
      deadLetterQueue: {
        queue: this.deadLetters,
        maxReceiveCount: RETRY_PERIOD.toMinutes() / RETRY_DELAY.toMinutes(),
      },
    });
    this.function = nodeFunction(this, {
      description: 'Stores the webhook events that the receiver could not store in time',
      name: 'overflow',
      timeout: FUNCTION_TIMEOUT,
      memorySize: 1024,
      encryptionKey,
      logRetention,
      options,
      environment: {
        INBOX_NAME: inbox,
        TABLE_NAME: table.tableName,
        QUARANTINE_TABLE_NAME: quarantine.tableName,
        ...payloadEnvironment(props),
      },
      role: {
        description: 'Takes events from the overflow queue, stores them and writes its log',
        policyName: 'StoreOverflow',
        statements: [...this.queueStatements(encryptionKey), ...storeStatements(props)],
      },
    });
    acknowledgeEveryObject(this, props);
    this.mapping = new EventSourceMapping(this, 'Messages', {
      target: this.function,
      eventSourceArn: this.queue.queueArn,
      batchSize: 10,
      reportBatchItemFailures: true,
      // After an outage, the table meets the new deliveries and the queued ones at the same time.
      maxConcurrency: 10,
    });
  }

  private queueStatements(encryptionKey: IKey | undefined): PolicyStatement[] {
    const actions = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];
    return [
      new PolicyStatement({ actions, resources: [this.queue.queueArn] }),
      ...(encryptionKey ? [kmsStatement(encryptionKey, 'sqs', ['kms:Decrypt'])] : []),
    ];
  }
}
