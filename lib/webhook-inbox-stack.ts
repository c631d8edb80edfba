import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { constructId } from './construct-id.ts';
import type { EventForwarding } from './functions/event-forwarding.ts';
import { WebhookInbox, type WebhookInboxProps } from './webhook-inbox.ts';

/** A stack with one inbox. Its outputs are the names and URLs that an operator needs. */
export class WebhookInboxStack extends Stack {
  /** @throws {Error} if a prop is invalid */
  constructor(scope: Construct, id: string, props: WebhookInboxProps & StackProps) {
    super(scope, id, props);
    const inbox = new WebhookInbox(this, 'Inbox', props);
    this.addOutput('InboxName', inbox.inboxName, 'Dimension "inbox" of the metrics');
    this.addOutput('TableName', inbox.table.tableName, 'Table of the events');
    this.addOutput('QuarantineTableName', inbox.quarantine.tableName, 'Table of the verified but invalid events');
    this.addOutput('PayloadBucketName', inbox.payloadBucket.bucketName, 'Bucket of the payloads too large for a table');
    this.addOutput('ReceiverName', inbox.receiver.functionName, 'Function that receives the deliveries');
    this.addOutput('OverflowQueueUrl', inbox.overflow.queue.queueUrl, 'Queue of events that wait to be stored');
    this.addOutput(
      'OverflowDeadLetterQueueUrl',
      inbox.overflow.deadLetters.queueUrl,
      'Queue of the events that could not be stored',
    );
    const { customDomain } = props;
    if (customDomain && inbox.dnsTarget && !customDomain.hostedZone) {
      this.addOutput('DnsTarget', inbox.dnsTarget, `Target of the CNAME record of ${customDomain.domainName}`);
    }
    if (inbox.forwarding) this.addForwardingOutputs(inbox.forwarding);
    for (const [name, url] of inbox.urls) {
      this.addOutput(`${constructId(name)}Url`, url, `Webhook URL of ${name}, to register with its provider`);
    }
    for (const [name, { secretName }] of inbox.secrets) {
      this.addOutput(`${constructId(name)}SecretName`, secretName, `Secret that holds the signing secret of ${name}`);
    }
  }

  private addForwardingOutputs({ bus, archive, deadLetters }: EventForwarding): void {
    this.addOutput('BusName', bus.eventBusName, 'Event bus for the rules of consumers');
    this.addOutput('ArchiveName', archive.archiveName, 'Archive of forwarded events, for replays');
    this.addOutput('DeadLetterQueueUrl', deadLetters.queueUrl, 'Queue of the events that could not be forwarded');
  }

  private addOutput(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }
}
