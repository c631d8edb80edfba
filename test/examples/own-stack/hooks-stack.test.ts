import { describe, expect, it } from '@jest/globals';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { HooksStack } from '../../../examples/own-stack/lib/hooks-stack.ts';
import { resourcesOf, unbundledApp } from '../../lib/synthesis.ts';

const template = Template.fromStack(new HooksStack(unbundledApp(), 'Hooks'));

const idsOf = (type: string) => resourcesOf(template, type).map(({ id }) => id);

describe('the app with its own stack', () => {
  it('has a signing secret for each of its three sources', () => {
    expect(idsOf('AWS::SecretsManager::Secret')).toHaveLength(3);
  });

  it("sends Stripe's invoices to the queue that the function reads", () => {
    const [queue] = idsOf('AWS::SQS::Queue').filter((id) => id.startsWith('Invoices'));
    const target = { 'Fn::GetAtt': [queue, 'Arn'] };
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['webhook-inbox.stripe-eu'], 'detail-type': [{ wildcard: 'invoice.*' }] },
      Targets: [Match.objectLike({ Arn: target })],
    });
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: target,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });

  it('notifies its topic of every alarm', () => {
    const [topic] = idsOf('AWS::SNS::Topic');
    const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(({ Properties }) => Properties.AlarmActions);
    expect(alarms.length).toBeGreaterThan(20);
    expect(new Set(alarms.map((actions) => JSON.stringify(actions)))).toEqual(
      new Set([JSON.stringify([{ Ref: topic }])]),
    );
  });

  it('lets the function read large payloads', () => {
    const policies = resourcesOf(template, 'AWS::IAM::Policy').filter(({ id }) => id.startsWith('Consumer'));
    const statements = policies.flatMap(({ Properties }) => Object(Properties.PolicyDocument).Statement);
    expect(statements.flatMap(({ Action }) => Action)).toEqual(
      expect.arrayContaining(['dynamodb:GetItem', 's3:GetObject']),
    );
  });
});
