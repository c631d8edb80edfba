import { describe, expect, it } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { WebhookInboxAttributes } from '../../lib/imported-inbox.ts';
import type { IWebhookInbox } from '../../lib/inbox-base.ts';
import { WebhookInbox } from '../../lib/webhook-inbox.ts';
import { KEY_ARN } from './every-option.ts';
import { arn, type Permission, problemsOf, rolesOf } from './role-policies.ts';
import { onlyResource, resourceNamed, resourcesOf, unbundledApp } from './synthesis.ts';

const env = { region: 'eu-west-1', account: '111122223333' };
const NAMES = {
  inboxName: 'Hooks/Inbox',
  tableName: 'Hooks-Events-1A2B',
  payloadBucketName: 'hooks-payloads-1a2b',
  busName: 'Hooks-Forwarding-D850AB6A',
};

/** A stack that imports an inbox, and a target of its events. */
function importing(attributes: Partial<WebhookInboxAttributes> = {}) {
  const stack = new Stack(unbundledApp(), 'Orders', { env });
  const inbox = WebhookInbox.fromAttributes(stack, 'Inbox', { ...NAMES, ...attributes });
  const target = new SqsQueue(new Queue(stack, 'Consumer'));
  return { stack, inbox, target };
}

const importedKey = () => Key.fromKeyArn(new Stack(), 'Key', KEY_ARN);

describe('an imported inbox', () => {
  it('adds no resource to the stack', () => {
    const { Resources } = Template.fromStack(importing().stack).toJSON();
    expect(Object.keys(Resources)).toEqual([expect.stringMatching(/^Consumer/)]);
  });

  it('has rules on its bus, with a dead-letter queue and an alarm, in the stack that imports it', () => {
    const { stack, inbox, target } = importing();
    inbox.onEvent('partner', { types: ['order.*'], target });
    const template = Template.fromStack(stack);
    expect(onlyResource(template, 'AWS::Events::Rule').Properties).toMatchObject({
      EventBusName: 'Hooks-Forwarding-D850AB6A',
      EventPattern: { source: ['webhook-inbox.partner'], 'detail-type': [{ wildcard: 'order.*' }] },
      Targets: [
        {
          DeadLetterConfig: {
            Arn: { 'Fn::GetAtt': [resourceNamed(template, 'AWS::SQS::Queue', 'DeadLetters').id, 'Arn'] },
          },
        },
      ],
    });
    expect(resourcesOf(template, 'AWS::CloudWatch::Alarm')).toHaveLength(1);
  });

  it('notifies the topic that is given, or has no alarms', () => {
    const topic = Topic.fromTopicArn(new Stack(), 'Topic', 'arn:aws:sns:eu-west-1:111122223333:pager');
    const notifying = importing({ alarms: { topic } });
    notifying.inbox.onEvent('partner', { target: notifying.target });
    expect(onlyResource(Template.fromStack(notifying.stack), 'AWS::CloudWatch::Alarm').Properties).toMatchObject({
      AlarmActions: [topic.topicArn],
      OKActions: [topic.topicArn],
    });
    const silent = importing({ alarms: false });
    silent.inbox.onEvent('partner', { target: silent.target });
    expect(resourcesOf(Template.fromStack(silent.stack), 'AWS::CloudWatch::Alarm')).toEqual([]);
  });

  it('lets a consumer read single events and large payloads, and decrypt them with the key that is given', () => {
    const { stack, inbox } = importing({ encryptionKey: importedKey() });
    inbox.grantRead(new Role(stack, 'Reader', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }));
    const needed: readonly Permission[] = [
      ['dynamodb:GetItem', arn.table('Hooks-Events-1A2B')],
      ['s3:GetObject', arn.object('hooks-payloads-1a2b', 'partner/0123')],
      ['kms:Decrypt', KEY_ARN, 'dynamodb.eu-west-1.amazonaws.com'],
      ['kms:Decrypt', KEY_ARN, 's3.eu-west-1.amazonaws.com'],
    ];
    const [role] = rolesOf(Template.fromStack(stack));
    expect([...problemsOf(role?.statements ?? [], { needed, forbidden: [] })]).toEqual([]);
  });

  it('encrypts dead letters with the key that is given, whose policy lets the rules use it', () => {
    const app = unbundledApp();
    const stack = new Stack(app, 'Orders', { env });
    const encryptionKey = new Key(stack, 'Key');
    const inbox = WebhookInbox.fromAttributes(stack, 'Inbox', { ...NAMES, encryptionKey });
    inbox.onEvent('partner', { target: new SqsQueue(new Queue(stack, 'Consumer')) });
    const template = Template.fromStack(stack);
    const key = onlyResource(template, 'AWS::KMS::Key');
    expect(resourceNamed(template, 'AWS::SQS::Queue', 'DeadLetters').Properties).toMatchObject({
      KmsMasterKeyId: { 'Fn::GetAtt': [key.id, 'Arn'] },
    });
    expect(JSON.stringify(key.Properties.KeyPolicy)).toContain(':rule/Hooks-Forwarding-D850AB6A/*');
  });

  it('has the metrics of the inbox', () => {
    const { inbox } = importing();
    const hooks = new WebhookInbox(new Stack(unbundledApp(), 'Hooks', { env }), 'Inbox', {
      sources: { partner: { provider: 'generic' } },
    });
    const metricsOf = (each: IWebhookInbox) =>
      [
        each.metricProcessed({ source: 'partner' }),
        each.metricRejected({ source: 'partner', reason: 'not_found' }),
      ].map((metric) => metric.toMetricConfig());
    expect(metricsOf(inbox)).toEqual(metricsOf(hooks));
  });

  it('accepts every source if their names are not given, and only those otherwise', () => {
    const { inbox, target } = importing();
    expect(() => inbox.onEvent('unknown', { target })).not.toThrow();
    const { inbox: strict } = importing({ sources: ['partner', 'shop'] });
    const message = 'there is no source "unknown". The sources are partner, shop.';
    expect(() => strict.onEvent('unknown', { target })).toThrow(message);
    expect(() => strict.metricProcessed({ source: 'unknown' })).toThrow(message);
  });

  it('has no rules without the name of its bus', () => {
    const { inbox, target } = importing({ busName: undefined as never });
    expect(inbox.bus).toBeUndefined();
    expect(() => inbox.onEvent('partner', { target })).toThrow(
      "onEvent('partner'): the inbox has no bus; give its busName to fromAttributes.",
    );
  });

  it.each([
    [{ tableName: '' }, 'tableName is empty; the output of the inbox has it.'],
    [{ sources: [] }, 'sources is empty; leave it out if the names are unknown.'],
  ])('refuses the attributes %j', (attributes, message) => {
    expect(() => importing(attributes)).toThrow(message);
  });
});
