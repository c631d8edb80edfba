import { describe, expect, it } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { ConsumerStack } from '../../../examples/consumer/consumer-stack.ts';
import { resourcesOf, unbundledApp } from '../../lib/synthesis.ts';

const app = unbundledApp();
const scope = new Stack(app, 'Names');
const template = Template.fromStack(
  new ConsumerStack(app, 'Consumers', {
    bus: EventBus.fromEventBusName(scope, 'Bus', 'the-bus'),
    events: Table.fromTableName(scope, 'Events', 'the-events'),
    payloads: Bucket.fromBucketName(scope, 'Payloads', 'the-payloads'),
    chatUrl: 'https://chat.example.com/hooks/1',
  }),
);

/** The actions that the role of a function is allowed, in alphabetical order. */
function actionsOf(name: string): string[] {
  const policies = resourcesOf(template, 'AWS::IAM::Policy').filter(({ id }) => id.startsWith(name));
  const statements = policies.flatMap(({ Properties }) => Object(Properties.PolicyDocument).Statement);
  return statements.flatMap(({ Action }) => Action).toSorted();
}

describe('the stack of the sample consumers', () => {
  it('sends to the queue the payments of both sources', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: 'the-bus',
      EventPattern: {
        source: ['webhook-inbox.stripe-eu', 'webhook-inbox.partner'],
        'detail-type': ['invoice.paid', 'order.paid'],
      },
      Targets: [Match.objectLike({ DeadLetterConfig: Match.anyValue() })],
    });
  });

  it('lets Lambda retry only the messages that failed', () => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('lets the functions write the guard, and read payloads from the table and the bucket', () => {
    const shared = ['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:PutItem'];
    expect(actionsOf('announceorder')).toEqual([...shared, 's3:GetBucket*', 's3:GetObject*', 's3:List*']);
    expect(actionsOf('recordpayments')).toEqual(
      expect.arrayContaining([...shared, 'dynamodb:UpdateItem', 's3:GetObject*', 'sqs:DeleteMessage']),
    );
  });

  it('expires what the guard remembers', () => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      TimeToLiveSpecification: { AttributeName: 'expires_at', Enabled: true },
    });
  });
});
