import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { type Archive, EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  EventSourceMapping,
  FilterCriteria,
  FilterRule,
  type IFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { kmsStatement } from './kms-statement.ts';
import { nodeFunction } from './node-function.ts';

/** What delivery takes on from. */
export interface EventForwardingProps {
  /** With a stream of new and old images. */
  readonly table: Table;
  /** How long the bus keeps events for replays. */
  readonly archiveRetention: Duration;
}

/**
 * Takes stored events on: the table's stream, a function, and a bus of the inbox's own with an archive. What cannot be
 * delivered goes to a queue.
 */
export class EventForwarding extends Construct {
  /** Where consumers put their rules. */
  readonly bus: EventBus;
  /** What the bus was given, for replays. */
  readonly archive: Archive;
  /** Tells which records of the stream were given up. */
  readonly deadLetters: Queue;
  readonly function: IFunction;

  constructor(scope: Construct, id: string, { table, archiveRetention }: EventForwardingProps) {
    super(scope, id);
    this.bus = new EventBus(this, 'Bus', { description: 'Webhooks that were received and stored' });
    this.archive = this.bus.archive('Archive', {
      description: 'For replays of webhooks',
      eventPattern: { source: [{ prefix: 'webhook-inbox.' }] as unknown as string[] },
      retention: archiveRetention,
    });
    this.deadLetters = deadLetterQueue(this);
    const logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.function = nodeFunction(this, 'Function', {
      description: 'Takes stored webhooks to the event bus',
      entry: 'lambda/forwarder/handler.ts',
      timeout: Duration.seconds(30),
      memorySize: 512,
      logGroup,
      role: this.role(table, logGroup),
      environment: { BUS_NAME: this.bus.eventBusName, TABLE_NAME: table.tableName },
    });
    new EventSourceMapping(this, 'Stream', {
      target: this.function,
      eventSourceArn: table.tableStreamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [FilterCriteria.filter({ eventName: FilterRule.or('INSERT', 'MODIFY') })],
      batchSize: 25,
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      // The age bounds them: an hour without the bus must not use them up.
      retryAttempts: 10_000,
      maxRecordAge: Duration.hours(23),
      // SqsDlq would grant more than the one action that the role has.
      onFailure: { bind: () => ({ destination: this.deadLetters.queueArn }) },
    });
  }

  private role(table: Table, logGroup: LogGroup): Role {
    const statement = (actions: string[], resource: string) => new PolicyStatement({ actions, resources: [resource] });
    return new Role(this, 'Role', {
      description: 'Reads the stream of events, puts them on the bus; nothing else',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        Forward: new PolicyDocument({
          statements: [
            statement(
              // Lambda asks for the last one when it makes the mapping.
              ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
              table.tableStreamArn ?? '',
            ),
            ...(table.encryptionKey ? [kmsStatement(table.encryptionKey, ['kms:Decrypt'])] : []),
            statement(['events:PutEvents'], this.bus.eventBusArn),
            statement(['sqs:SendMessage'], this.deadLetters.queueArn),
            statement(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroup.logGroupArn),
          ],
        }),
      },
    });
  }
}

function deadLetterQueue(scope: Construct): Queue {
  const queue = new Queue(scope, 'DeadLetters', {
    encryption: QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.days(14),
  });
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions::AwsSolutions-SQS3',
    reason: 'This queue is the dead-letter queue: what cannot be delivered ends here.',
  });
  return queue;
}
