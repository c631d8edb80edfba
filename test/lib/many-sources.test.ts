import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { type App, Duration, NestedStack, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Key } from 'aws-cdk-lib/aws-kms';
import type { SourcesProps } from '../../lib/sources.ts';
import { WebhookInbox } from '../../lib/webhook-inbox.ts';
import { WebhookInboxStack } from '../../lib/webhook-inbox-stack.ts';
import {
  evaluated,
  inboxStack,
  onlyResource,
  type Resource,
  resourceNamed,
  resourcesOf,
  unbundledApp,
} from './synthesis.ts';

const generic = { provider: 'generic' } as const;

/** Sources with the longest names that are allowed, numbered from 1. */
function sourcesOf(count: number): SourcesProps {
  const name = (index: number) => `partner-${'x'.repeat(27)}-${String(index + 1).padStart(4, '0')}`;
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [name(index), generic]));
}

/** The stack of an inbox and its nested stacks. */
function stacksOf(stack: Stack): { readonly stack: Stack; readonly nested: readonly NestedStack[] } {
  return { stack, nested: stack.node.findAll().filter((construct) => NestedStack.isNestedStack(construct)) };
}

/** Limits of a template. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const TEMPLATE = { resources: 500, outputs: 200, parameters: 200, bytes: 1_000_000 };

/** A value once the stack is deployed, at the usual length of names that CloudFormation generates. */
function deployed(template: Template, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => deployed(template, each));
  if (typeof value !== 'object' || value === null) return value;
  const [name = ''] = Object.keys(value);
  if (name === 'Ref' || name.startsWith('Fn::')) return evaluated(value, refsOf(template));
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, deployed(template, each)]));
}

function refsOf(template: Template): Record<string, string> {
  const arns = Object.keys(template.toJSON().Resources).flatMap((id) => {
    const arn = `arn:aws:service:ap-southeast-1:111122223333:table/${`${id}-0123456789AB`.slice(-64)}`;
    return [[id, arn] as const, [`${id}.Arn`, arn] as const];
  });
  const pseudo = { 'AWS::Partition': 'aws', 'AWS::Region': 'ap-southeast-1', 'AWS::AccountId': '111122223333' };
  return { ...pseudo, ...Object.fromEntries(arns) };
}

/** Characters of a policy, without white space, as IAM and Lambda count them. */
const lengthOf = (template: Template, policy: unknown) => JSON.stringify(deployed(template, policy)).length;

const longName = 'S'.repeat(128);

/** A stack with an inbox and a key. */
function stackWithKey(app: App, sources: SourcesProps): Stack {
  const stack = new Stack(app, longName);
  new WebhookInbox(stack, 'Inbox', { sources, encryptionKey: new Key(stack, 'Key') });
  return stack;
}

/** Sources of which each has other options. */
const different = (sources: SourcesProps): SourcesProps =>
  Object.fromEntries(
    Object.entries(sources).map(([name, source], index) => {
      return [name, { ...source, maxBodyBytes: 1_000 + index, retention: Duration.days(index + 1) }];
    }),
  );

describe.each([
  ['with default props', sourcesOf(1_000), false],
  ['with other options per source, and a key of the app', different(sourcesOf(1_000)), true],
])('an inbox of 1,000 sources %s', (_, sources, hasKey) => {
  const app = unbundledApp();
  let template: Template;
  let templates: Template[];

  beforeAll(() => {
    const { stack, nested } = stacksOf(
      hasKey ? stackWithKey(app, sources) : new WebhookInboxStack(app, longName, { sources }),
    );
    template = Template.fromStack(stack);
    templates = [template, ...nested.map((each) => Template.fromStack(each))];
  });

  it("stays below CloudFormation's limits of every template", () => {
    expect(templates).toHaveLength(4);
    for (const each of templates) {
      const { Resources = {}, Outputs = {}, Parameters = {} } = each.toJSON();
      expect(Object.keys(Resources).length).toBeLessThanOrEqual(TEMPLATE.resources);
      expect(Object.keys(Outputs).length).toBeLessThanOrEqual(TEMPLATE.outputs);
      expect(Object.keys(Parameters).length).toBeLessThanOrEqual(TEMPLATE.parameters);
    }
  });

  it("stays below CloudFormation's size of a template, as the files are", () => {
    const folder = app.synth().directory;
    const files = readdirSync(folder).filter((name) => name.endsWith('.template.json'));
    expect(files.length).toBeGreaterThanOrEqual(4);
    for (const file of files) expect(statSync(join(folder, file)).size).toBeLessThan(TEMPLATE.bytes);
  });

  it('has a secret per source, by its name', () => {
    const secrets = templates.flatMap((each) => resourcesOf(each, 'AWS::SecretsManager::Secret'));
    const names = secrets.map(({ Properties }) => Properties.Name);
    expect(names).toEqual(Object.keys(sources).map((name) => `${longName}/Inbox/${name}`));
  });

  it("stays below IAM's limit of the inline policies of a role: 10,240 characters", () => {
    for (const { Properties } of resourcesOf(template, 'AWS::IAM::Role')) {
      const policies = (Properties.Policies ?? []) as { PolicyDocument: unknown }[];
      const lengths = policies.map(({ PolicyDocument }) => lengthOf(template, PolicyDocument));
      expect(lengths.reduce((sum, length) => sum + length, 0)).toBeLessThan(10_240);
    }
  });

  it('lets the receiver read the secrets whose names begin with that of the inbox, in this account and region', () => {
    const role = resourceNamed(template, 'AWS::IAM::Role', 'Receiver');
    const [{ PolicyDocument }] = role.Properties.Policies as [{ PolicyDocument: { Statement: Statement[] } }];
    const reading = PolicyDocument.Statement.filter(({ Action }) => Action === 'secretsmanager:GetSecretValue');
    expect(deployed(template, reading)).toEqual([
      {
        Effect: 'Allow',
        Action: 'secretsmanager:GetSecretValue',
        Resource: `arn:aws:secretsmanager:ap-southeast-1:111122223333:secret:${longName}/Inbox/*`,
      },
    ]);
  });

  it("stays below Lambda's limit of environment variables: 4 KB", () => {
    for (const { Properties } of resourcesOf(template, 'AWS::Lambda::Function')) {
      const { Variables = {} } = (Properties.Environment ?? {}) as { Variables?: object };
      expect(Object.entries(deployed(template, Variables) as object).join('').length).toBeLessThan(4_096);
    }
  });

  it("stays below Lambda's limit of a function's resource policy: 20,480 bytes", () => {
    const permissions = resourcesOf(template, 'AWS::Lambda::Permission').map(({ id, Properties }) => ({
      Sid: `${longName}-${id}-0123456789AB`,
      ...Properties,
    }));
    expect(lengthOf(template, permissions)).toBeLessThan(20_480);
  });

  it("stays below KMS's limit of a key's policy: 32,768 bytes", () => {
    for (const { Properties } of resourcesOf(template, 'AWS::KMS::Key')) {
      expect(lengthOf(template, Properties.KeyPolicy)).toBeLessThan(32_768);
    }
  });

  it("stays below CloudWatch's limits of a dashboard: 500 widgets, and 2,500 metrics", () => {
    const { DashboardBody } = onlyResource(template, 'AWS::CloudWatch::Dashboard').Properties;
    const { widgets } = JSON.parse(String(deployed(template, DashboardBody)));
    expect(widgets.length).toBeLessThan(500);
    const metrics = widgets.flatMap(
      (widget: { properties: { metrics?: unknown[] } }) => widget.properties.metrics ?? [],
    );
    expect(metrics.length).toBeLessThan(2_500);
  });

  it("stays below S3's limit of lifecycle rules: 1,000", () => {
    const { LifecycleConfiguration } = onlyResource(template, 'AWS::S3::Bucket').Properties;
    expect((LifecycleConfiguration as { Rules: unknown[] }).Rules).toHaveLength(1);
  });

  it('has one output for the commands, which does not name its sources', () => {
    const outputs = Object.values(template.findOutputs('*', { Description: 'Webhook inbox, as its commands read it' }));
    expect(outputs).toHaveLength(1);
    expect(JSON.stringify(outputs)).not.toContain('partner-');
  });

  it('serves all of them by one resource of the API', () => {
    expect(resourcesOf(template, 'AWS::ApiGateway::Resource').map(({ Properties }) => Properties.PathPart)).toEqual([
      'webhooks',
      '{source}',
    ]);
  });
});

interface Statement {
  readonly Action: string;
}

interface StatementOnResources extends Statement {
  readonly Resource: unknown;
}

const topicArn = 'arn:aws:sns:eu-west-1:111122223333:topic';

/** Logical ids and names of the secrets in the inbox's stack, and in each nested stack. */
function secretIds(sources: SourcesProps): string[][] {
  const { stack, nested } = stacksOf(inboxStack({ sources, forwarding: false, alarms: false }));
  const idsIn = (each: Stack) => resourcesOf(Template.fromStack(each), 'AWS::SecretsManager::Secret').map(idAndName);
  return [stack, ...nested].map(idsIn);
}

const idAndName = ({ id, Properties }: Resource) => `${id} ${Properties.Name}`;

describe('secrets of many sources', () => {
  it('are in the stack of the inbox up to 150, and above in nested stacks of 400', () => {
    expect(secretIds(sourcesOf(150)).map(({ length }) => length)).toEqual([150]);
    expect(secretIds(sourcesOf(151)).map(({ length }) => length)).toEqual([150, 1]);
    expect(secretIds(sourcesOf(1_000)).map(({ length }) => length)).toEqual([150, 400, 400, 50]);
  });

  it('do not move, and keep their logical ids, when a source is appended', () => {
    const before = secretIds(sourcesOf(550));
    const after = secretIds(sourcesOf(551));
    expect(after.slice(0, before.length)).toEqual(before);
    expect(after).toHaveLength(before.length + 1);
  });

  it('count only sources that have one: those that are signed with a certificate take no place', () => {
    const topics = Object.fromEntries(
      Array.from(
        { length: 20 },
        (_, index) => [`topic-${index}`, { provider: 'sns', settings: { topicArn } }] as const,
      ),
    );
    expect(secretIds({ ...topics, ...sourcesOf(150) }).map(({ length }) => length)).toEqual([150]);
  });

  it('are readable by the ARN of each as long as these fit into the policies of a role', () => {
    const resourcesIn = (count: number) => {
      const template = Template.fromStack(inboxStack({ sources: sourcesOf(count), forwarding: false, alarms: false }));
      const role = resourceNamed(template, 'AWS::IAM::Role', 'Receiver');
      const policies = role.Properties.Policies as { PolicyDocument: { Statement: StatementOnResources[] } }[];
      const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
      expect(
        lengthOf(
          template,
          policies.map(({ PolicyDocument }) => PolicyDocument),
        ),
      ).toBeLessThan(10_240);
      return statements.find(({ Action }) => Action === 'secretsmanager:GetSecretValue')?.Resource;
    };
    expect(resourcesIn(50)).toHaveLength(50);
    expect(JSON.stringify(resourcesIn(70))).toContain(':secret:Hooks/Inbox/*');
  });
});

describe('allow-lists', () => {
  const ranges = (count: number) => Array.from({ length: count }, (_, index) => `203.0.113.${index}/32`);
  const bank = (count: number) => ({ bank: { ...generic, allowedCidrs: ranges(count) }, partner: generic });

  it('fail the synthesis if they are longer than API Gateway allows: 8,192 characters', () => {
    expect(() => inboxStack({ sources: bank(200), alarms: false })).not.toThrow();
    const both = { ...bank(250), shop: { ...generic, allowedCidrs: ranges(250) } };
    expect(() => inboxStack({ sources: both })).toThrow(
      /^allowedCidrs has 500 ranges at 2 sources, which take \d+ characters of a resource policy, but API Gateway allows 8192; list fewer and wider ranges, or move sources to a second inbox\.$/,
    );
  });
});
