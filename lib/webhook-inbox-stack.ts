import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { constructId } from './construct-id.ts';
import type { EventForwarding } from './functions/event-forwarding.ts';
import { WebhookInbox, type WebhookInboxProps } from './webhook-inbox.ts';

/** A stack of one inbox, with what its operator needs as outputs. */
export class WebhookInboxStack extends Stack {
  constructor(scope: Construct, id: string, { sources, ...props }: WebhookInboxProps & StackProps) {
    super(scope, id, props);
    const inbox = new WebhookInbox(this, 'Inbox', { sources, ...props });
    new CfnOutput(this, 'TableName', { value: inbox.table.tableName });
    if (inbox.dnsTarget && !props.customDomain?.hostedZone) this.addDnsTargetOutput(inbox.dnsTarget, props);
    if (inbox.forwarding) this.addForwardingOutputs(inbox.forwarding);
    for (const [name, url] of inbox.urls) {
      new CfnOutput(this, `${constructId(name)}Url`, {
        value: url,
        description: `Give this to the provider of ${name}`,
      });
    }
    for (const [name, { secretName: value }] of inbox.secrets) {
      const description = `Put the signing secret of ${name} here`;
      new CfnOutput(this, `${constructId(name)}SecretName`, { value, description });
    }
  }

  private addDnsTargetOutput(value: string, { customDomain }: Partial<WebhookInboxProps>): void {
    const description = `Make a CNAME record of ${customDomain?.domainName} that leads here`;
    new CfnOutput(this, 'DnsTarget', { value, description });
  }

  private addForwardingOutputs({ bus, archive, deadLetters }: EventForwarding): void {
    new CfnOutput(this, 'BusName', { value: bus.eventBusName, description: 'Put the rules of consumers on this bus' });
    new CfnOutput(this, 'ArchiveName', { value: archive.archiveName, description: 'Replays take events from here' });
    new CfnOutput(this, 'DeadLetterQueueUrl', {
      value: deadLetters.queueUrl,
      description: 'What could not be delivered',
    });
  }
}
