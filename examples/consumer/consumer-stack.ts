import { fileURLToPath } from 'node:url';
import { Duration, RemovalPolicy, Stack, type StackProps } from 'aws-cdk-lib';
import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import { LambdaFunction, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsDestination } from 'aws-cdk-lib/aws-lambda-destinations';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { IWebhookInbox } from 'webhook-inbox';

/** Options of the consumers. */
export interface ConsumerStackProps extends StackProps {
  /** The inbox whose events are consumed, in another stack of the app. */
  readonly inbox: IWebhookInbox;
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

  private recordPayments({ inbox }: ConsumerStackProps): void {
    const totals = this.table('Totals');
    const recorder = this.function('record-payments', inbox, { TOTALS_TABLE: totals.tableName });
    totals.grant(recorder, 'dynamodb:UpdateItem');
    const queue = new Queue(this, 'Payments', {
      enforceSSL: true,
      visibilityTimeout: Duration.seconds(180),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: 5 },
    });
    recorder.addEventSource(new SqsEventSource(queue, { reportBatchItemFailures: true }));
    const target = new SqsQueue(queue);
    inbox.onEvent('stripe-eu', { types: ['invoice.*'], target, crossStackScope: this });
    inbox.onEvent('partner', { types: ['order.paid'], target, crossStackScope: this });
  }

  private announceOrders({ inbox, chatUrl }: ConsumerStackProps): void {
    const announcer = this.function('announce-order', inbox, { CHAT_URL: chatUrl });
    // EventBridge's dead letters are what Lambda does not take, and these are what the function fails to process.
    announcer.configureAsyncInvoke({ onFailure: new SqsDestination(this.deadLetterQueue) });
    const target = new LambdaFunction(announcer);
    inbox.onEvent('partner', { id: 'OnOrder', types: ['order.paid'], target, crossStackScope: this });
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
  private function(name: string, inbox: IWebhookInbox, environment: Record<string, string>) {
    const consumer = new NodejsFunction(this, name, {
      entry: fileURLToPath(new URL(`./${name}.ts`, import.meta.url)),
      runtime: Runtime.NODEJS_24_X,
      timeout: Duration.seconds(30),
      environment: { PROCESSED_TABLE: this.processed.tableName, ...environment },
    });
    this.processed.grant(consumer, 'dynamodb:PutItem', 'dynamodb:DeleteItem');
    inbox.grantRead(consumer);
    return consumer;
  }
}
