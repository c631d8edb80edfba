import { describe, expect, it } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ConsumerStack } from '../../../examples/consumer/consumer-stack.ts';
import { WebhookInbox } from '../../../lib/webhook-inbox.ts';
import { resourcesOf, unbundledApp } from '../../lib/synthesis.ts';

const app = unbundledApp();
const sources = { 'stripe-eu': { provider: 'stripe' }, partner: { provider: 'generic' } } as const;
const hooks = new Stack(app, 'Hooks');
const inbox = new WebhookInbox(hooks, 'Inbox', { sources });
const consumers = new ConsumerStack(app, 'Consumers', { inbox, chatUrl: 'https://chat.example.com/hooks/1' });
const template = Template.fromStack(consumers);

/** The actions that the role of a function is allowed, in alphabetical order. */
function actionsOf(name: string): string[] {
  const policies = resourcesOf(template, 'AWS::IAM::Policy').filter(({ id }) => id.startsWith(name));
  const statements = policies.flatMap(({ Properties }) => Object(Properties.PolicyDocument).Statement);
  return statements.flatMap(({ Action }) => Action).toSorted();
}

describe('the stack of the sample consumers', () => {
  it('sends the payments of both sources to the queue, and orders to the function', () => {
    const rules = resourcesOf(template, 'AWS::Events::Rule').map(({ Properties }) => {
      const [target] = Properties.Targets as { Arn: { 'Fn::GetAtt': [string, string] } }[];
      return [Properties.EventPattern, target?.Arn['Fn::GetAtt'][0].replace(/[0-9A-F]{8}$/, '')];
    });
    expect(rules).toEqual([
      [{ source: ['webhook-inbox.stripe-eu'], 'detail-type': [{ wildcard: 'invoice.*' }] }, 'Payments'],
      [{ source: ['webhook-inbox.partner'], 'detail-type': ['order.paid'] }, 'Payments'],
      [{ source: ['webhook-inbox.partner'], 'detail-type': ['order.paid'] }, 'announceorder'],
    ]);
  });

  it('depends on the stack of the inbox, which does not depend on it', () => {
    expect(consumers.dependencies).toEqual([hooks]);
    expect(hooks.dependencies).toEqual([]);
  });

  it('keeps the orders that the function fails to announce', () => {
    template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
    });
  });

  it('lets Lambda retry only the messages that failed', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('lets the functions write the guard, and read payloads from the table and the bucket', () => {
    const shared = ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'];
    expect(actionsOf('announceorder')).toEqual([
      ...shared,
      's3:GetObject',
      'sqs:GetQueueAttributes',
      'sqs:GetQueueUrl',
      'sqs:SendMessage',
    ]);
    expect(actionsOf('recordpayments')).toEqual(
      expect.arrayContaining([...shared, 'dynamodb:UpdateItem', 's3:GetObject', 'sqs:DeleteMessage']),
    );
  });

  it('expires what the guard remembers', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
    });
  });
});
