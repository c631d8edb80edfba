import { describe, expect, it } from '@jest/globals';
import { NestedStack, Stack, Stage } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { AccountRootPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { WebhookInbox } from '../../lib/webhook-inbox.ts';
import { WebhookInboxStack } from '../../lib/webhook-inbox-stack.ts';
import { everyOption } from './every-option.ts';
import { onlyResource, type Resource, resourcesOf, unbundledApp } from './synthesis.ts';

const sources = { partner: { provider: 'generic' }, shop: { provider: 'shopify' } } as const;
/** Every option but the custom domain, because a host name belongs to one inbox. */
const { customDomain: _, ...props } = everyOption(sources);

/** A deployed inbox: its stack, and how the logical ids of its resources begin. */
interface DeployedInbox {
  readonly template: Template;
  readonly id: string;
}

/** A stack in a stage with an inbox and its consumer. */
function deployedIn(stage: Stage, stackName?: string): DeployedInbox {
  const stack = new Stack(stage, 'Hooks', stackName === undefined ? {} : { stackName });
  addConsumer(new WebhookInbox(stack, 'Inbox', props));
  return { template: Template.fromStack(stack), id: 'Inbox' };
}

/** A rule on the bus, with its dead-letter queue and its alarm, and an operator. */
function addConsumer(inbox: WebhookInbox): void {
  inbox.onEvent('partner', { target: new SqsQueue(new Queue(inbox, 'Consumer')) });
  inbox.grantOperate(new Role(inbox, 'Operator', { assumedBy: new AccountRootPrincipal() }));
}

/** Two inboxes of one account and region, deployed in different ways. */
const NEIGHBOURS: Readonly<Record<string, () => readonly DeployedInbox[]>> = {
  'in one stack': () => {
    const stack = new Stack(unbundledApp(), 'Hooks');
    const ids = ['First', 'Second'];
    for (const id of ids) addConsumer(new WebhookInbox(stack, id, props));
    return ids.map((id) => ({ template: Template.fromStack(stack), id }));
  },
  'of one app that is deployed twice, to a stack for Dev and one for Prod': () =>
    ['hooks-dev', 'hooks-prod'].map((stackName) => {
      const stack = new WebhookInboxStack(unbundledApp(), 'WebhookInbox', { ...props, stackName });
      return { template: Template.fromStack(stack), id: 'Inbox' };
    }),
  'in two stages of one app': () => {
    const app = unbundledApp();
    return ['Dev', 'Prod'].map((stage) => deployedIn(new Stage(app, stage)));
  },
  'in two stages of one app, with stack names of their own': () => {
    const app = unbundledApp();
    return ['Dev', 'Prod'].map((stage) => deployedIn(new Stage(app, stage), `hooks-${stage.toLowerCase()}`));
  },
  'in a nested stack of each of two stages': () => {
    const app = unbundledApp();
    return ['Dev', 'Prod'].map((stage) => {
      const nested = new NestedStack(new Stack(new Stage(app, stage), 'Hooks'), 'Nested');
      addConsumer(new WebhookInbox(nested, 'Inbox', props));
      return { template: Template.fromStack(nested), id: 'Inbox' };
    });
  },
  'whose names differ only in where a hyphen stands for a path': () =>
    [
      ['Hooks', 'Eu-Inbox'],
      ['Hooks-Eu', 'Inbox'],
    ].map(([name, id = '']) => {
      const stack = new Stack(unbundledApp(), name);
      new WebhookInbox(stack, id, props);
      return { template: Template.fromStack(stack), id: id.replace('-', '') };
    }),
};

const resourcesIn = ({ template, id }: DeployedInbox, type: string) =>
  resourcesOf(template, type).filter((resource) => resource.id.startsWith(id));

/** A stage is named within its API, and an inline policy within its role; a metric has the same name everywhere. */
const NOT_UNIQUE = ['StageName', 'PolicyName', 'MetricName'];

/** Whether a value is that of another resource, such as the name of the bus of a rule. */
const isReference = (value: unknown) => /^\{"(Ref|Fn::GetAtt)":/.test(JSON.stringify(value));

/** The names that the template gives to resources. CloudFormation generates all others, from the stack's name. */
function namesIn(inbox: DeployedInbox): string[] {
  const types = Object.values<{ Type: string }>(inbox.template.toJSON().Resources).map(({ Type }) => Type);
  return [...new Set(types)].flatMap((type) =>
    resourcesIn(inbox, type).flatMap(({ Properties = {} }) =>
      Object.entries(Properties)
        .filter(([key, value]) => /Name$/.test(key) && !NOT_UNIQUE.includes(key) && !isReference(value))
        .map(([key, value]) => `${type} ${key} ${JSON.stringify(value)}`),
    ),
  );
}

interface Metric {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}

/** The metrics of an alarm. */
function metricsOf({ Properties }: Resource): Metric[] {
  const queries = (Properties.Metrics ?? []) as { readonly MetricStat?: { readonly Metric: Metric } }[];
  const metrics = queries.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []));
  return metrics.length > 0 ? metrics : [Properties as Metric];
}

/** The metrics that alarms evaluate, except those of a resource that the dimensions refer to. */
function metricsIn(inbox: DeployedInbox): string[] {
  return resourcesIn(inbox, 'AWS::CloudWatch::Alarm')
    .flatMap(metricsOf)
    .filter(({ Dimensions = [] }) => Dimensions.every(({ Value }) => typeof Value === 'string'))
    .map(({ Namespace, MetricName, Dimensions }) => JSON.stringify([Namespace, MetricName, Dimensions]));
}

/** The metrics that are drawn on the dashboard, by their literal dimensions. */
function graphsIn(inbox: DeployedInbox): string[] {
  const [dashboard] = resourcesIn(inbox, 'AWS::CloudWatch::Dashboard');
  const body = JSON.stringify(dashboard?.Properties.DashboardBody);
  return [...body.matchAll(/\[\\*"(?:WebhookInbox|AWS\/ApiGateway)\\*"[^\]]*?(?=\{|\])/g)].map(([metric]) => metric);
}

/** The exported outputs of the stack: their names are unique in an account and region. */
const exportsIn = ({ template }: DeployedInbox) =>
  Object.values<{ Export?: unknown }>(template.toJSON().Outputs ?? {}).flatMap(({ Export }) => Export ?? []);

/** The metrics of the web ACL, which is the first part of each one's dimensions. */
function webAclMetricIn(inbox: DeployedInbox): string[] {
  return resourcesIn(inbox, 'AWS::WAFv2::WebACL').map(({ Properties }) => {
    return (Properties.VisibilityConfig as { MetricName: string }).MetricName;
  });
}

describe.each(Object.entries(NEIGHBOURS))('Two inboxes %s', (_, deploy) => {
  const [first, second] = deploy();

  it.each([
    ['names of resources', namesIn],
    ['metrics of alarms', metricsIn],
    ['graphs', graphsIn],
    ['metrics of the web ACL', webAclMetricIn],
  ])('share no %s', (_, find) => {
    const [ofFirst, ofSecond] = [first, second].map((inbox) => (inbox ? find(inbox) : []));
    expect(ofFirst?.length).toBeGreaterThan(0);
    expect(ofSecond).toHaveLength(ofFirst?.length ?? 0);
    expect(ofFirst?.filter((each) => ofSecond?.includes(each))).toEqual([]);
  });

  it('export nothing', () => {
    expect([first, second].flatMap((inbox) => (inbox ? exportsIn(inbox) : []))).toEqual([]);
  });

  it('name their API, bus, saved queries and secrets, and leave the names of all else to CloudFormation', () => {
    const kinds = first ? namesIn(first).map((name) => name.split(' ').slice(0, 2).join(' ')) : [];
    expect([...new Set(kinds)].sort()).toEqual([
      'AWS::ApiGateway::RestApi Name',
      'AWS::Events::EventBus Name',
      'AWS::Logs::QueryDefinition Name',
      'AWS::SecretsManager::Secret Name',
    ]);
  });
});

describe("API Gateway's setting for an account", () => {
  it('occurs once in a stack, however many inboxes the stack and its nested stacks have', () => {
    const stack = new Stack(unbundledApp(), 'Hooks');
    const nested = new NestedStack(stack, 'Nested');
    new WebhookInbox(stack, 'First', props);
    new WebhookInbox(stack, 'Second', props);
    new WebhookInbox(nested, 'Third', props);
    const template = Template.fromStack(stack);
    const { id } = onlyResource(template, 'AWS::ApiGateway::Account');
    for (const { DependsOn } of resourcesOf(template, 'AWS::ApiGateway::Stage')) expect(DependsOn).toContain(id);
    expect(onlyResource(template, 'AWS::CloudFormation::Stack').DependsOn).toContain(id);
    Template.fromStack(nested).resourceCountIs('AWS::ApiGateway::Account', 0);
  });
});
