import { describe, expect, it } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { type IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Tracing } from 'aws-cdk-lib/aws-lambda';
import type { FunctionsProps } from '../../../lib/functions/function-options.ts';
import { WebhookInbox } from '../../../lib/webhook-inbox.ts';
import { resourceNamed, resourcesOf, unbundledApp } from '../synthesis.ts';

const sources = { partner: { provider: 'generic' } } as const;
const FUNCTIONS = ['Receiver', 'Overflow', 'Forwarding'];

const vpc = Vpc.fromVpcAttributes(new Stack(), 'Vpc', {
  vpcId: 'vpc-1',
  availabilityZones: ['eu-west-1a', 'eu-west-1b'],
  privateSubnetIds: ['subnet-1', 'subnet-2'],
  isolatedSubnetIds: ['subnet-3', 'subnet-4'],
});
const group = SecurityGroup.fromSecurityGroupId(new Stack(), 'Group', 'sg-1');

function templateOf(functions?: FunctionsProps): Template {
  const stack = new Stack(unbundledApp(), 'Hooks');
  new WebhookInbox(stack, 'Inbox', { sources, alarms: false, ...(functions && { functions }) });
  return Template.fromStack(stack);
}

const functionIn = (template: Template, id: string) => resourceNamed(template, 'AWS::Lambda::Function', id).Properties;

/** A property of each function: that of the receiver, the overflow and the forwarder. */
const ofEach = (template: Template, property: string) => FUNCTIONS.map((id) => functionIn(template, id)[property]);

interface Statement {
  readonly Action: readonly string[] | string;
}

const statementsIn = (policy: unknown) =>
  (policy as { readonly PolicyDocument: { readonly Statement: readonly Statement[] } }).PolicyDocument.Statement;

/** The statements of the one inline policy of each role. */
function statementsOfEach(template: Template): readonly (readonly Statement[])[] {
  return FUNCTIONS.map((id) => {
    const { Policies } = resourceNamed(template, 'AWS::IAM::Role', id).Properties;
    return (Policies as unknown[]).flatMap(statementsIn);
  });
}

const usual = statementsOfEach(templateOf());
const added = (template: Template) =>
  statementsOfEach(template).map((statements, index) => {
    const before = new Set(usual[index]?.map((statement) => JSON.stringify(statement)));
    return statements.filter((statement) => !before.has(JSON.stringify(statement)));
  });

describe('functions', () => {
  it('run on ARM without traces and outside of VPCs by default', () => {
    const template = templateOf();
    expect(ofEach(template, 'Architectures')).toEqual(Array(3).fill(['arm64']));
    expect(ofEach(template, 'MemorySize')).toEqual([1024, 1024, 512]);
    expect(ofEach(template, 'TracingConfig')).toEqual(Array(3).fill(undefined));
    expect(ofEach(template, 'VpcConfig')).toEqual(Array(3).fill(undefined));
  });

  it('have the memory and the architecture of all functions, and their own first', () => {
    const template = templateOf({
      memorySize: 2048,
      architecture: Architecture.X86_64,
      forwarder: { memorySize: 256 },
      overflow: { architecture: Architecture.ARM_64 },
    });
    expect(ofEach(template, 'MemorySize')).toEqual([2048, 2048, 256]);
    expect(ofEach(template, 'Architectures')).toEqual([['x86_64'], ['arm64'], ['x86_64']]);
  });

  it('are traced with the two permissions that X-Ray requires', () => {
    const template = templateOf({ tracing: Tracing.ACTIVE, overflow: { tracing: Tracing.DISABLED } });
    expect(ofEach(template, 'TracingConfig')).toEqual([{ Mode: 'Active' }, undefined, { Mode: 'Active' }]);
    const traces = {
      Effect: 'Allow',
      Action: ['xray:PutTelemetryRecords', 'xray:PutTraceSegments'],
      Resource: '*',
    };
    expect(added(template)).toEqual([[traces], [], [traces]]);
    expect(resourcesOf(template, 'AWS::IAM::Policy')).toEqual([]);
  });

  it('in a VPC may have network interfaces managed by Lambda, but not by their own code', () => {
    const template = templateOf({ receiver: { vpc } });
    const groupId = resourceNamed(template, 'AWS::EC2::SecurityGroup', 'Receiver').id;
    expect(ofEach(template, 'VpcConfig')).toEqual([
      { SubnetIds: ['subnet-1', 'subnet-2'], SecurityGroupIds: [{ 'Fn::GetAtt': [groupId, 'GroupId'] }] },
      undefined,
      undefined,
    ]);
    const Action = [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ];
    const Condition = { Null: { 'lambda:SourceFunctionArn': 'false' } };
    const network = [
      { Effect: 'Allow', Action, Resource: '*' },
      { Effect: 'Deny', Action, Resource: '*', Condition },
    ];
    expect(added(template)).toEqual([network, [], []]);
    for (const { Properties } of resourcesOf(template, 'AWS::IAM::Role'))
      expect(JSON.stringify(Properties.ManagedPolicyArns ?? '')).not.toContain('VPCAccess');
  });

  it('are in the given subnets and security groups', () => {
    const vpcSubnets = { subnetType: SubnetType.PRIVATE_ISOLATED };
    const template = templateOf({ vpc, vpcSubnets, securityGroups: [group] });
    const config = { SubnetIds: ['subnet-3', 'subnet-4'], SecurityGroupIds: ['sg-1'] };
    expect(ofEach(template, 'VpcConfig')).toEqual([config, config, config]);
    expect(resourcesOf(template, 'AWS::EC2::SecurityGroup')).toEqual([]);
  });

  it.each<[FunctionsProps, string]>([
    [{ memorySize: 127 }, 'functions.memorySize must be a whole number of megabytes from 128 to 10240, not 127.'],
    [{ receiver: { memorySize: 10_241 } }, 'functions.receiver.memorySize must be a whole number'],
    [{ memorySize: 512.5 }, 'functions.memorySize must be a whole number'],
    [{ architecture: 'arm64' as unknown as Architecture }, 'functions.architecture must be Architecture.ARM_64 or'],
    [{ tracing: true as unknown as Tracing }, 'functions.tracing must be Tracing.ACTIVE, Tracing.PASS_THROUGH or'],
    [{ vpcSubnets: {} }, 'functions.vpcSubnets needs the VPC of the subnets; set vpc too.'],
    [{ forwarder: { securityGroups: [group] } }, 'functions.forwarder.securityGroups needs the VPC of the groups'],
    [{ vpc, securityGroups: [] }, 'functions.securityGroups is empty; leave it out for a new group.'],
    [{ role: {} } as FunctionsProps, 'functions.role would give every function the permissions of all'],
  ])('are not made with invalid options: %#', (functions, message) => {
    expect(() => templateOf(functions)).toThrow(message);
  });
});

describe('a role of the app', () => {
  const roleIn = (stack: Stack) => new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });

  /** An inbox whose receiver has the role, with all that changes a role's policy. */
  function inboxWith(role: IRole, stack: Stack): Template {
    const receiver = { role, vpc, tracing: Tracing.ACTIVE };
    new WebhookInbox(stack, 'Inbox', { sources, alarms: false, functions: { receiver } });
    return Template.fromStack(stack);
  }

  const [expected] = statementsOfEach(templateOf({ receiver: { vpc, tracing: Tracing.ACTIVE } }));

  it('gets the statements that a new role would have, before the function is made', () => {
    const stack = new Stack(unbundledApp(), 'Hooks');
    const template = inboxWith(roleIn(stack), stack);
    const policy = resourceNamed(template, 'AWS::IAM::Policy', 'Receiver');
    const { id } = resourcesOf(template, 'AWS::IAM::Role').find((role) => role.id.startsWith('Role')) ?? { id: '' };
    expect(statementsIn(policy.Properties)).toEqual(expected);
    expect(policy.Properties.Roles).toEqual([{ Ref: id }]);
    const receiver = resourceNamed(template, 'AWS::Lambda::Function', 'Receiver');
    expect(receiver.Properties.Role).toEqual({ 'Fn::GetAtt': [id, 'Arn'] });
    expect(receiver.DependsOn).toContain(policy.id);
    expect(resourcesOf(template, 'AWS::IAM::Policy')).toHaveLength(1);
  });

  it('may be in another stack, which then does not depend on the stack of the inbox', () => {
    const app = unbundledApp();
    const roles = new Stack(app, 'Roles');
    const template = inboxWith(roleIn(roles), new Stack(app, 'Hooks'));
    expect(statementsIn(onlyPolicy(template))).toEqual(expected);
    expect(roles.dependencies).toEqual([]);
  });

  it('may be imported, and gets the policy by its name', () => {
    const stack = new Stack(unbundledApp(), 'Hooks');
    const role = Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/team/receiver');
    const template = inboxWith(role, stack);
    expect(statementsIn(onlyPolicy(template))).toEqual(expected);
    expect(onlyPolicy(template).Roles).toEqual(['receiver']);
  });

  it('that cannot be changed gets no policy', () => {
    const stack = new Stack(unbundledApp(), 'Hooks');
    const role = Role.fromRoleArn(stack, 'Role', 'arn:aws:iam::111122223333:role/receiver', { mutable: false });
    const template = inboxWith(role, stack);
    expect(resourcesOf(template, 'AWS::IAM::Policy')).toEqual([]);
    const { Properties, DependsOn } = resourceNamed(template, 'AWS::Lambda::Function', 'Receiver');
    expect(Properties.Role).toBe('arn:aws:iam::111122223333:role/receiver');
    expect(DependsOn).toBeUndefined();
  });

  const onlyPolicy = (template: Template) => resourceNamed(template, 'AWS::IAM::Policy', 'Receiver').Properties;
});
