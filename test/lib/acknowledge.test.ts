import { describe, expect, it } from '@jest/globals';
import { Aspects, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks, type INagLogger, type NagLoggerBaseData } from 'cdk-nag-2';
import { WebhookInbox } from '../../lib/webhook-inbox.ts';
import type { WebhookInboxProps } from '../../lib/webhook-inbox-props.ts';
import { everyOption } from './every-option.ts';
import { type Resource, unbundledApp } from './synthesis.ts';

const sources = { partner: { provider: 'generic' }, shop: { provider: 'shopify' } } as const;

/** A stack that cdk-nag 2 checks when it is synthesized, and its report: paths of resources, each with a rule. */
function checkedStack() {
  const stack = new Stack(unbundledApp(), 'Hooks');
  const report: Record<'findings' | 'acknowledged', string[]> = { findings: [], acknowledged: [] };
  const addTo = (list: string[]) => (data: NagLoggerBaseData) => {
    list.push(`${data.resource.node.path} ${data.ruleId}`);
  };
  const ignore = () => undefined;
  const logger: INagLogger = {
    onNonCompliance: addTo(report.findings),
    onError: addTo(report.findings),
    onSuppressed: addTo(report.acknowledged),
    onSuppressedError: addTo(report.findings),
    onCompliance: ignore,
    onNotApplicable: ignore,
  };
  Aspects.of(stack).add(new AwsSolutionsChecks({ reports: false, additionalLoggers: [logger] }));
  return { stack, report };
}

/** The rules that a resource's metadata acknowledges. */
const rulesOf = ({ Metadata = {} }: Resource) =>
  ((Metadata as { cdk_nag?: { rules_to_suppress: { id: string }[] } }).cdk_nag?.rules_to_suppress ?? []).map(
    ({ id }) => id,
  );

/** Every kind of inbox whose findings differ. */
const INBOXES: readonly [kind: string, WebhookInboxProps][] = [
  ['by default', { sources }],
  ['with every option', everyOption(sources)],
  ['without an access log', { sources, accessLogs: false }],
  ['without forwarding', { sources, forwarding: false }],
];

describe('cdk-nag 2', () => {
  it.each(INBOXES)('reports no finding of an inbox %s', (_, props) => {
    const { stack, report } = checkedStack();
    new WebhookInbox(stack, 'Inbox', props);
    Template.fromStack(stack);
    expect(report.findings).toEqual([]);
    expect(report.acknowledged.length).toBeGreaterThan(5);
  });

  it('reports no finding of an inbox in a nested stack', () => {
    const { stack, report } = checkedStack();
    new WebhookInbox(new NestedStack(stack, 'Nested'), 'Inbox', { sources });
    Template.fromStack(stack);
    expect(report.findings).toEqual([]);
    expect(report.acknowledged).toContain('Hooks/Nested/Inbox/Payloads/Bucket/Resource AwsSolutions-S1');
  });

  it('reports what the app adds, and not the queue of a rule of onEvent', () => {
    const { stack, report } = checkedStack();
    const inbox = new WebhookInbox(stack, 'Inbox', { sources });
    const deadLetterQueue = { queue: new Queue(stack, 'DeadLetters', { enforceSSL: true }), maxReceiveCount: 3 };
    inbox.onEvent('partner', {
      target: new SqsQueue(new Queue(stack, 'Orders', { enforceSSL: true, deadLetterQueue })),
    });
    new Secret(stack, 'Unacknowledged');
    expect(() => Template.fromStack(stack)).toThrow('AwsSolutions-SMG4');
    expect(report.findings).toEqual(['Hooks/Unacknowledged/Resource AwsSolutions-SMG4']);
    expect(report.acknowledged).toContain('Hooks/Inbox/OnPartner/DeadLetters/Resource AwsSolutions-SQS3');
  });
});

describe('the metadata of a resource', () => {
  it('acknowledges only the rules that look at its type', () => {
    const stack = new Stack(unbundledApp(), 'Hooks');
    new WebhookInbox(stack, 'Inbox', { sources });
    const resources: Record<string, Resource> = Template.fromStack(stack).toJSON().Resources;
    const acknowledged = Object.values(resources)
      .filter((resource) => rulesOf(resource).length > 0)
      .map((resource) => [resource.Type, ...rulesOf(resource)].join(' '));
    expect([...new Set(acknowledged)].sort()).toEqual([
      'AWS::ApiGateway::Method AwsSolutions-APIG4 AwsSolutions-COG4',
      'AWS::ApiGateway::RestApi AwsSolutions-APIG2',
      'AWS::ApiGateway::Stage AwsSolutions-APIG6 AwsSolutions-APIG3',
      'AWS::IAM::Role AwsSolutions-IAM4',
      'AWS::IAM::Role AwsSolutions-IAM5',
      'AWS::S3::Bucket AwsSolutions-S1',
      'AWS::SQS::Queue AwsSolutions-SQS3',
      'AWS::SecretsManager::Secret AwsSolutions-SMG4',
    ]);
  });
});
