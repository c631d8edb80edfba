import { fileURLToPath } from 'node:url';
import { CfnOutput, Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Runtime } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { WebhookInbox } from 'webhook-inbox';

/** An inbox with three sources, and a function that gets the invoices of one of them through a queue. */
export class HooksStack extends Stack {
  constructor(scope: Construct, id: string, props?: StackProps) {
    super(scope, id, props);

    const topic = new Topic(this, 'Alarms', { enforceSSL: true });

    const inbox = new WebhookInbox(this, 'Inbox', {
      sources: {
        'stripe-eu': { provider: 'stripe', silentAfter: Duration.days(1) },
        'github-main': { provider: 'github' },
        partner: { provider: 'generic', throttle: { rateLimit: 10, burstLimit: 20 } },
      },
      alarms: { topic },
    });

    new CfnOutput(this, 'UrlPrefix', { value: inbox.urlPrefix, description: 'URL of a source, up to its name' });

    const queue = new Queue(this, 'Invoices', {
      enforceSSL: true,
      visibilityTimeout: Duration.minutes(3),
      deadLetterQueue: {
        queue: new Queue(this, 'FailedInvoices', { enforceSSL: true, retentionPeriod: Duration.days(14) }),
        maxReceiveCount: 5,
      },
    });
    inbox.onEvent('stripe-eu', { types: ['invoice.*'], target: new SqsQueue(queue) });

    const consumer = new NodejsFunction(this, 'Consumer', {
      entry: fileURLToPath(new URL('../consumer/record-invoices.ts', import.meta.url)),
      runtime: Runtime.NODEJS_24_X,
      timeout: Duration.seconds(30),
    });
    consumer.addEventSource(new SqsEventSource(queue, { reportBatchItemFailures: true }));
    inbox.grantRead(consumer);
  }
}
