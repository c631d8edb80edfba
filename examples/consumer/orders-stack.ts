import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { WebhookInbox } from 'webhook-inbox';

/** Options of the stack. */
export interface OrdersStackProps extends StackProps {
  /** The output of the inbox: names, in JSON. */
  readonly inboxOutput: string;
}

/** A queue of orders from an inbox that another app deploys to the same account and region. */
export class OrdersStack extends Stack {
  constructor(scope: Construct, id: string, props: OrdersStackProps) {
    super(scope, id, props);
    const output = JSON.parse(props.inboxOutput);
    const inbox = WebhookInbox.fromAttributes(this, 'Inbox', {
      inboxName: output.InboxName,
      tableName: output.TableName,
      payloadBucketName: output.PayloadBucketName,
      busName: output.BusName,
      sources: ['stripe-eu', 'partner'],
    });
    const deadLetterQueue = new Queue(this, 'DeadLetters', { enforceSSL: true, retentionPeriod: Duration.days(14) });
    const queue = new Queue(this, 'Orders', {
      enforceSSL: true,
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: 5 },
    });
    inbox.onEvent('partner', { types: ['order.paid'], target: new SqsQueue(queue) });
  }
}
