import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, type ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { type IEventBus, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** What a consumer needs of an inbox: those of the construct, or imported by the names in the outputs of its stack. */
export interface ConsumerStackProps extends StackProps {
  /** `inbox.forwarding.bus`, or `EventBus.fromEventBusName`. */
  readonly bus: IEventBus;
  /** `inbox.table`, or `Table.fromTableName`. */
  readonly events: ITable;
  /** `inbox.payloadBucket`, or `Bucket.fromBucketName`. */
  readonly payloads: IBucket;
  /** URL to which orders are announced. */
  readonly chatUrl: string;
}

/** Two consumers: a function behind a queue, which records payments, and one behind a rule, which announces orders. */
export class ConsumerStack extends Stack {
  private readonly deadLetterQueue: Queue;
  private readonly processed: Table;

  constructor(scope: Construct, id: string, props: ConsumerStackProps) {
    super(scope, id, props);
    this.deadLetterQueue = new Queue(this, 'DeadLetters', { enforceSSL: true, retentionPeriod: Duration.days(14) });
    this.processed = this.table('Processed', 'expires_at');
    this.recordPayments(props);
    this.announceOrders(props);
  }

  private recordPayments(props: ConsumerStackProps): void {
    const totals = this.table('Totals');
    const recorder = this.function('record-payments', props, { TOTALS_TABLE: totals.tableName });
    totals.grant(recorder, 'dynamodb:UpdateItem');
    const queue = new Queue(this, 'Payments', {
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(180),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: 5 },
    });
    recorder.addEventSource(new SqsEventSource(queue, { reportBatchItemFailures: true }));
    new Rule(this, 'PaymentsRule', {
      eventBus: props.bus,
      eventPattern: {
        source: ['webhook-inbox.stripe-eu', 'webhook-inbox.partner'],
        detailType: ['invoice.paid', 'order.paid'],
      },
      targets: [new SqsQueue(queue, { deadLetterQueue: this.deadLetterQueue })],
    });
  }

  private announceOrders(props: ConsumerStackProps): void {
    const announcer = this.function('announce-order', props, { CHAT_URL: props.chatUrl });
    new Rule(this, 'OrdersRule', {
      eventBus: props.bus,
      eventPattern: { source: ['webhook-inbox.partner'], detailType: ['order.paid'] },
      targets: [new LambdaFunction(announcer, { deadLetterQueue: this.deadLetterQueue })],
    });
  }

  private table(id: string, timeToLiveAttribute?: string): Table {
    return new Table(this, id, {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(timeToLiveAttribute !== undefined && { timeToLiveAttribute }),
    });
  }

  /** A function that may read payloads, and remember what it has processed. */
  private function(name: string, { events, payloads }: ConsumerStackProps, environment: Record<string, string>) {
    const consumer = new NodejsFunction(this, name, {
      entry: fileURLToPath(new URL(`./${name}.ts`, import.meta.url)),
      runtime: Runtime.NODEJS_24_X,
      timeout: Duration.seconds(30),
      environment: { PROCESSED_TABLE: this.processed.tableName, ...environment },
    });
    this.processed.grant(consumer, 'dynamodb:PutItem', 'dynamodb:DeleteItem');
    events.grant(consumer, 'dynamodb:GetItem');
    payloads.grantRead(consumer);
    return consumer;
  }
}
