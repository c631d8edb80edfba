import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { OnEventProps } from '../../lib/event-rule.ts';
import { WebhookInbox } from '../../lib/webhook-inbox.ts';
import type { WebhookInboxProps } from '../../lib/webhook-inbox-props.ts';
import { anchorsIn } from '../support/markdown.ts';
import { onlyResource, resourceNamed, resourcesOf, unbundledApp } from './synthesis.ts';

const sources = { 'stripe-eu': { provider: 'stripe' }, partner: { provider: 'generic' } } as const;
const env = { region: 'eu-west-1', account: '111122223333' };
const page = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');

/** An inbox and a queue for its events, in one stack. */
function inboxAndQueue(props: Partial<WebhookInboxProps> = {}) {
  const stack = new Stack(unbundledApp(), 'WebhookInbox', { env });
  const inbox = new WebhookInbox(stack, 'Inbox', { sources, ...props });
  const target = new SqsQueue(new Queue(stack, 'Consumer'));
  return { stack, inbox, target };
}

/** The template of an inbox with a rule for the source `stripe-eu`. */
function templateOf(options: Partial<OnEventProps> = {}, props: Partial<WebhookInboxProps> = {}): Template {
  const { stack, inbox, target } = inboxAndQueue(props);
  inbox.onEvent('stripe-eu', { target, ...options });
  return Template.fromStack(stack);
}

const patternOf = (options: Partial<OnEventProps>) =>
  onlyResource(templateOf(options), 'AWS::Events::Rule').Properties.EventPattern;

const template = templateOf({ types: ['invoice.*', 'charge.refunded'] });
const deadLetters = resourceNamed(template, 'AWS::SQS::Queue', 'OnStripeEuDeadLetters');
const deadLettersArn = { 'Fn::GetAtt': [deadLetters.id, 'Arn'] };

describe('the rule of onEvent', () => {
  it('matches the events of the source whose type is listed or fits a wildcard', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventBusName: { Ref: onlyResource(template, 'AWS::Events::EventBus').id },
      EventPattern: {
        source: ['webhook-inbox.stripe-eu'],
        'detail-type': [{ wildcard: 'invoice.*' }, 'charge.refunded'],
      },
      State: 'ENABLED',
    });
  });

  it('matches every event of the source without types', () => {
    expect(patternOf({})).toEqual({ source: ['webhook-inbox.stripe-eu'] });
  });

  it('sends to the target, and what the target does not take to its dead-letter queue', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': [resourceNamed(template, 'AWS::SQS::Queue', 'Consumer').id, 'Arn'] },
          DeadLetterConfig: { Arn: deadLettersArn },
        }),
      ],
    });
  });

  it('may be in the stack of its target, on which the stack of the inbox then does not depend', () => {
    const { stack, inbox } = inboxAndQueue();
    const consumers = new Stack(stack.node.root as never, 'Consumers', { env });
    const target = new SqsQueue(new Queue(consumers, 'Consumer'));
    inbox.onEvent('partner', { target, crossStackScope: consumers });
    const built = Template.fromStack(consumers);
    expect(resourcesOf(built, 'AWS::SQS::Queue')).toHaveLength(2);
    expect(resourcesOf(built, 'AWS::CloudWatch::Alarm')).toHaveLength(1);
    expect(stack.dependencies).toEqual([]);
  });

  it('may be one of several for a source, each with an id', () => {
    const { stack, inbox, target } = inboxAndQueue();
    inbox.onEvent('partner', { target });
    inbox.onEvent('partner', { target, id: 'Refunds' });
    expect(resourcesOf(Template.fromStack(stack), 'AWS::Events::Rule')).toHaveLength(2);
    expect(() => inbox.onEvent('partner', { target })).toThrow(
      /onEvent\('partner'\): there is already a construct "OnPartner"; give this rule another id/,
    );
  });

  it('is returned with its dead-letter queue and its alarm', () => {
    const { stack, inbox, target } = inboxAndQueue();
    const { rule, deadLetters, alarm } = inbox.onEvent('partner', { target });
    const ids = [rule, deadLetters, alarm].map(
      (each) => each && stack.resolve(stack.getLogicalId(each.node.defaultChild as never)),
    );
    const built = Template.fromStack(stack);
    expect(ids).toEqual([
      onlyResource(built, 'AWS::Events::Rule').id,
      resourceNamed(built, 'AWS::SQS::Queue', 'OnPartnerDeadLetters').id,
      resourceNamed(built, 'AWS::CloudWatch::Alarm', 'OnPartner').id,
    ]);
  });
});

describe('the dead-letter queue of onEvent', () => {
  it('keeps messages for 14 days, encrypted', () => {
    expect(deadLetters.Properties).toEqual({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
  });

  it('accepts messages from its rule only, and only by TLS', () => {
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      Queues: [{ Ref: deadLetters.id }],
      PolicyDocument: {
        Statement: [
          {
            Effect: 'Deny',
            Action: 'sqs:*',
            Principal: { AWS: '*' },
            Resource: deadLettersArn,
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
          {
            Effect: 'Allow',
            Action: 'sqs:SendMessage',
            Principal: { Service: 'events.amazonaws.com' },
            Resource: deadLettersArn,
            Condition: {
              ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [onlyResource(template, 'AWS::Events::Rule').id, 'Arn'] } },
            },
          },
        ],
      },
    });
  });

  it("is encrypted by the inbox's key, which the rules of the bus may use", () => {
    const { stack, inbox, target } = inboxAndQueue();
    const encryptionKey = new Key(stack, 'Key');
    const keyed = new WebhookInbox(stack, 'Keyed', { sources, encryptionKey });
    keyed.onEvent('partner', { target });
    keyed.onEvent('stripe-eu', { target });
    inbox.onEvent('partner', { target });
    const built = Template.fromStack(stack);
    const key = onlyResource(built, 'AWS::KMS::Key');
    expect(resourceNamed(built, 'AWS::SQS::Queue', 'KeyedOnPartnerDeadLetters').Properties.KmsMasterKeyId).toEqual({
      'Fn::GetAtt': [key.id, 'Arn'],
    });
    expect(ruleStatements(built)).toEqual([
      rulesStatement(String(resourceNamed(built, 'AWS::Events::EventBus', 'Keyed').Properties.Name)),
    ]);
  });

  it('needs the statement of docs/operations.md in the policy of an imported key', () => {
    const [, block = ''] = /\[`onEvent`\]\(consumers\.md#rules\)[\s\S]*?```json\n([\s\S]*?)```/.exec(page) ?? [];
    const name = onlyResource(templateOf(), 'AWS::Events::EventBus').Properties.Name;
    expect(JSON.parse(block)).toEqual(rulesStatement(String(name)));
  });
});

/** The statement that lets the rules of a bus use the key. */
const rulesStatement = (busName: string) => ({
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: ['kms:Decrypt', 'kms:GenerateDataKey'],
  Resource: '*',
  Condition: { ArnLike: { 'aws:SourceArn': `arn:aws:events:eu-west-1:111122223333:rule/${busName}/*` } },
});

/** The statements of the only key's policy that name rules. */
function ruleStatements(built: Template): unknown[] {
  const { KeyPolicy } = onlyResource(built, 'AWS::KMS::Key').Properties;
  const statements = (KeyPolicy as { Statement: object[] }).Statement;
  // The CDK leaves the partition to CloudFormation.
  const arn = /\{"Fn::Join":\["",\["arn:",\{"Ref":"AWS::Partition"\},"([^"]*)"\]\]\}/g;
  const resolved: object[] = JSON.parse(JSON.stringify(statements).replace(arn, '"arn:aws$1"'));
  return resolved.filter((statement) => JSON.stringify(statement).includes(':rule/'));
}

describe('the alarm of onEvent', () => {
  it('fires at the first dead letter, and links to the runbook', () => {
    const { AlarmDescription, ...alarm } = resourceNamed(template, 'AWS::CloudWatch::Alarm', 'OnStripeEu').Properties;
    expect(alarm).toMatchObject({
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [deadLetters.id, 'QueueName'] } }],
      Statistic: 'Maximum',
      Threshold: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      TreatMissingData: 'notBreaching',
    });
    const [, section] = /^Source stripe-eu: .* See docs\/operations\.md#(\S+)$/.exec(String(AlarmDescription)) ?? [];
    expect(anchorsIn(page)).toContain(section);
  });

  it("notifies the inbox's topic, like the other alarms", () => {
    const elsewhere = new Stack();
    const topic = Topic.fromTopicArn(elsewhere, 'Topic', 'arn:aws:sns:eu-west-1:111122223333:pager');
    const { Properties } = resourceNamed(templateOf({}, { alarms: { topic } }), 'AWS::CloudWatch::Alarm', 'OnStripeEu');
    expect(Properties).toMatchObject({ AlarmActions: [topic.topicArn], OKActions: [topic.topicArn] });
  });

  it('does not exist if the alarms of the inbox are disabled', () => {
    expect(resourcesOf(templateOf({}, { alarms: false }), 'AWS::CloudWatch::Alarm')).toEqual([]);
  });
});

describe('onEvent refuses', () => {
  const { stack, inbox, target } = inboxAndQueue();

  it('an unknown source, and lists the sources', () => {
    expect(() => inbox.onEvent('stripe', { target })).toThrow(
      `onEvent('stripe'): there is no source "stripe". The sources are stripe-eu, partner.`,
    );
  });

  it('an inbox without forwarding, and says which prop to remove', () => {
    const { inbox: closed } = inboxAndQueue({ forwarding: false });
    expect(() => closed.onEvent('partner', { target })).toThrow(
      "onEvent('partner'): the inbox has no bus; remove forwarding: false from its props.",
    );
  });

  it.each([
    { types: [], message: /types is empty, so no event would match; leave it out/ },
    { types: ['invoice.paid', ''], message: /types has an empty string/ },
    { types: ['invoice.**'], message: /types has "invoice\.\*\*", but EventBridge takes no two wildcards in a row/ },
  ])('the types $types', ({ types, message }) => {
    expect(() => inbox.onEvent('partner', { types, target })).toThrow(message);
  });

  it('a target that has a dead-letter queue, as it would have two', () => {
    const queue = new Queue(stack, 'Other');
    const other = new SqsQueue(queue, { deadLetterQueue: new Queue(stack, 'OtherDeadLetters') });
    expect(() => inbox.onEvent('partner', { target: other })).toThrow(/leave out that of the target/);
  });
});
