import { Duration, Names, Token } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Archive, EventBus, type IEventBus, Match } from 'aws-cdk-lib/aws-events';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  type Function as LambdaFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { allowBus, encryptArchive, encryptBus } from '../key-policy.ts';
import type { LogGroupProps } from '../log-group.ts';
import { deadLetterQueue } from './dead-letter-queue.ts';
import type { FunctionOptions } from './function-options.ts';
import { kmsStatements } from './kms-statement.ts';
import { nodeFunction } from './node-function.ts';

/** Options of forwarding. */
export interface EventForwardingProps extends LogGroupProps {
  /** Table of the events. Its stream has new and old images. */
  readonly table: ITable;
  /** Bucket of large payloads. The forwarder does not read it: its entries name it. */
  readonly payloadBucket: IBucket;
  /** @default - a new bus */
  readonly bus?: IEventBus | undefined;
  /** How long the archive keeps events for replays; `undefined` for no archive. */
  readonly archiveRetention: Duration | undefined;
  /** How many batches of a shard of the stream are forwarded at the same time. */
  readonly parallelizationFactor: number;
  /** Options of the forwarder. */
  readonly options: FunctionOptions;
}

/**
 * Validates the number of batches that are forwarded at the same time.
 * @returns what is wrong and how to fix it, or `undefined`
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
 */
export function validateParallelizationFactor(factor = 1): string | undefined {
  if (Token.isUnresolved(factor) || (Number.isInteger(factor) && factor >= 1 && factor <= 10)) return undefined;
  return `forwarding.parallelizationFactor must be a whole number from 1 to 10, not ${factor}.`;
}

/**
 * Validates the archive of the bus.
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateArchive(archive: unknown, archiveRetention: Duration | undefined): string | undefined {
  if (archive !== undefined && typeof archive !== 'boolean') {
    return `forwarding.archive must be true or false, not ${JSON.stringify(archive)}.`;
  }
  if (archive !== false || archiveRetention === undefined) return undefined;
  return 'forwarding.archiveRetention has no effect with archive: false; leave one of them out.';
}

/**
 * Forwards stored events: the forwarder reads the table's stream and puts the events on an event bus, which may have an
 * archive. A dead-letter queue gets what cannot be forwarded: from the forwarder the ids of events that the bus refuses,
 * and from Lambda the stream positions of batches that fail for too long.
 */
export class EventForwarding extends Construct {
  /** Event bus for the rules of consumers. */
  readonly bus: IEventBus;
  /** Archive of the bus, for replays; `undefined` without one. */
  readonly archive: Archive | undefined;
  /** Dead-letter queue. Its messages name events, or records of the stream. */
  readonly deadLetters: Queue;
  /** The forwarder. */
  readonly function: LambdaFunction;
  /** What invokes the forwarder with the table's stream. */
  readonly mapping: EventSourceMapping;

  constructor(scope: Construct, id: string, props: EventForwardingProps) {
    super(scope, id);
    const { table, payloadBucket, archiveRetention, parallelizationFactor, encryptionKey, logRetention, options } =
      props;
    this.bus = props.bus ?? this.addBus(encryptionKey);
    this.archive = archiveRetention && this.addArchive(archiveRetention, props);
    if (encryptionKey && (this.archive || !props.bus)) allowBus(encryptionKey, this.bus);
    this.deadLetters = deadLetterQueue(this, encryptionKey);
    acknowledge(this.deadLetters, {
      rule: 'SQS3',
      reason: 'This queue is itself a dead-letter queue, for events that cannot be forwarded.',
    });
    this.function = nodeFunction(this, {
      description: 'Forwards stored webhook events to the event bus',
      name: 'forwarder',
      timeout: Duration.minutes(2),
      memorySize: 512,
      encryptionKey,
      logRetention,
      options,
      environment: {
        BUS_NAME: this.bus.eventBusName,
        DEAD_LETTER_QUEUE_URL: this.deadLetters.queueUrl,
        TABLE_NAME: table.tableName,
        PAYLOAD_BUCKET_NAME: payloadBucket.bucketName,
      },
      role: {
        description:
          'Reads the stream of the events table, puts events on the bus, sends dead letters and writes its log',
        policyName: 'Forward',
        statements: this.statements(table, encryptionKey),
      },
    });
    this.mapping = new EventSourceMapping(this, 'Stream', {
      target: this.function,
      eventSourceArn: table.tableStreamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [FilterCriteria.filter({ eventName: FilterRule.or('INSERT', 'MODIFY') })],
      batchSize: 25,
      parallelizationFactor,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      // The record age limits the retries: an outage of an hour must not use them up.
      retryAttempts: 10_000,
      maxRecordAge: Duration.hours(23),
      // SqsDlq would grant more than the one action that the role has.
      onFailure: { bind: () => ({ destination: this.deadLetters.queueArn }) },
    });
  }

  private addBus(encryptionKey: IKey | undefined): EventBus {
    const bus = new EventBus(this, 'Bus', {
      // The CDK's default does not have the stack's name, so two copies of a stack would collide.
      eventBusName: Names.uniqueResourceName(this, { separator: '-' }),
      description: 'Stored webhook events',
    });
    if (encryptionKey) encryptBus(encryptionKey, bus);
    return bus;
  }

  /** Inboxes may share a bus of the app, so its archives are not in its scope. */
  private addArchive(retention: Duration, { bus, encryptionKey }: EventForwardingProps): Archive {
    const archive = new Archive(bus ? this : this.bus, 'Archive', {
      sourceEventBus: this.bus,
      description: 'Stored webhook events, for replays',
      eventPattern: { source: Match.prefix('webhook-inbox.') },
      retention,
    });
    if (encryptionKey) encryptArchive(encryptionKey, archive);
    return archive;
  }

  private statements(table: ITable, key: IKey | undefined): PolicyStatement[] {
    const statement = (actions: string[], resource: string) => new PolicyStatement({ actions, resources: [resource] });
    return [
      statement(
        // Lambda calls ListStreams when it creates the event source mapping.
        ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
        table.tableStreamArn ?? '',
      ),
      statement(['events:PutEvents'], this.bus.eventBusArn),
      statement(['sqs:SendMessage'], this.deadLetters.queueArn),
      ...kmsStatements([table], 'dynamodb', ['kms:Decrypt']),
      // EventBridge uses the key of the bus by the key's policy.
      ...kmsStatements([{ encryptionKey: key }], 'sqs', ['kms:Decrypt', 'kms:GenerateDataKey']),
    ];
  }
}
