import { expect, test } from '@jest/globals';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { OrdersStack } from '../../../examples/consumer/orders-stack.ts';
import type { IWebhookInbox } from '../../../lib/inbox-base.ts';
import { inboxOutputs } from '../../../lib/inbox-outputs.ts';
import { WebhookInbox } from '../../../lib/webhook-inbox.ts';
import { onlyResource, unbundledApp } from '../../lib/synthesis.ts';

/** The output of an inbox with forwarding, each value as its name in lower case. */
function outputNames(): string {
  const sources = { partner: { provider: 'generic' } } as const;
  const outputs = inboxOutputs(new WebhookInbox(new Stack(unbundledApp(), 'Hooks'), 'Inbox', { sources }));
  return JSON.stringify(Object.fromEntries(outputs.map(({ name }) => [name, name.toLowerCase()])));
}

test('the stack of orders imports the inbox of another app by its output, and has a rule on its bus', () => {
  const stack = new OrdersStack(new App(), 'Orders', { inboxOutput: outputNames() });
  const inbox = stack.node.findChild('Inbox') as unknown as IWebhookInbox;
  expect([inbox.inboxName, inbox.table.tableName, inbox.payloadBucket.bucketName]).toEqual([
    'inboxname',
    'tablename',
    'payloadbucketname',
  ]);
  expect(onlyResource(Template.fromStack(stack), 'AWS::Events::Rule').Properties).toMatchObject({
    EventBusName: 'busname',
    EventPattern: { source: ['webhook-inbox.partner'], 'detail-type': ['order.paid'] },
  });
});
