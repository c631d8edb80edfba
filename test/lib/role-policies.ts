import type { Template } from 'aws-cdk-lib/assertions';
import PBAC, { type Statement } from 'pbac';
import { evaluated, type Resource, resourcesOf } from './synthesis.ts';

/** A call, or a permission: an action, the ARN of a resource, and the service that has to make the call, if any. */
export type Permission = readonly [action: string, resource: string, via?: string | undefined];

/** A role and the statements of its policies, as they are once the stack is deployed. */
export interface RolePolicies {
  /** Logical id without its hash. */
  readonly name: string;
  readonly properties: Resource['Properties'];
  /** As in the template. */
  readonly policies: readonly unknown[];
  readonly statements: readonly Statement[];
}

/** Calls that a role must allow, and calls that it must not allow. */
export interface Privileges {
  /** The calls that the function makes. A statement that none of them needs is an error. */
  readonly needed: readonly Permission[];
  readonly forbidden: readonly Permission[];
}

const REGION = 'eu-west-1';
const ACCOUNT = `${REGION}:111122223333`;

/** The ARNs of deployed resources by type and attribute; `Ref` is the value of `{Ref}`. */
const ARNS: Readonly<Record<string, (name: string, properties: Resource['Properties']) => Record<string, string>>> = {
  'AWS::DynamoDB::Table': (name) => ({
    Arn: arn.table(name),
    StreamArn: arn.stream(name),
  }),
  'AWS::Events::Archive': (name) => ({ Arn: arn.archive(name) }),
  'AWS::Events::EventBus': (name) => ({ Arn: arn.bus(name), Ref: name }),
  'AWS::Lambda::EventSourceMapping': (name) => ({ Ref: name }),
  'AWS::Lambda::Function': (name) => ({ Arn: arn.function(name) }),
  'AWS::Logs::LogGroup': (name) => ({ Arn: arn.logGroup(name) }),
  'AWS::S3::Bucket': (name) => ({ Arn: arn.bucket(name) }),
  'AWS::SQS::Queue': (name) => ({ Arn: arn.queue(name) }),
  'AWS::SecretsManager::Secret': (_, { Name }) => ({ Ref: arn.secret(String(Name)) }),
};

/** ARNs of deployed resources. */
export const arn = {
  table: (name: string) => `arn:aws:dynamodb:${ACCOUNT}:table/${name}`,
  stream: (name: string) => `${arn.table(name)}/stream/2026-03-01T12:00:00.000`,
  archive: (name: string) => `arn:aws:events:${ACCOUNT}:archive/${name}`,
  replay: (name: string) => `arn:aws:events:${ACCOUNT}:replay/${name}`,
  rule: (bus: string, name: string) => `arn:aws:events:${ACCOUNT}:rule/${bus}/${name}`,
  stack: (name: string, id: string) => `arn:aws:cloudformation:${ACCOUNT}:stack/${name}/${id}`,
  mapping: (id: string) => `arn:aws:lambda:${ACCOUNT}:event-source-mapping:${id}`,
  function: (name: string) => `arn:aws:lambda:${ACCOUNT}:function:${name}`,
  bus: (name: string) => `arn:aws:events:${ACCOUNT}:event-bus/${name}`,
  bucket: (name: string) => `arn:aws:s3:::${name.toLowerCase()}`,
  object: (bucket: string, key: string) => `${arn.bucket(bucket)}/${key}`,
  queue: (name: string) => `arn:aws:sqs:${ACCOUNT}:${name}`,
  key: (id: string) => `arn:aws:kms:${ACCOUNT}:key/${id}`,
  /** Secrets Manager appends six characters to a name. */
  secret: (name: string) => `arn:aws:secretsmanager:${ACCOUNT}:secret:${name}-a1B2c3`,
  parameter: (name: string) => `arn:aws:ssm:${ACCOUNT}:parameter${name}`,
  /** CloudFormation's ARN of a log group ends with a wildcard for its streams. */
  logGroup: (name: string) => `arn:aws:logs:${ACCOUNT}:log-group:${name}:*`,
  logStream: (name: string) => `arn:aws:logs:${ACCOUNT}:log-group:${name}:log-stream:2026/03/01/[$LATEST]a1b2`,
} as const;

/** Every role of a template, with its inline and attached policies. */
export function rolesOf(template: Template): RolePolicies[] {
  const resources: Record<string, Resource> = template.toJSON().Resources;
  const attached = resourcesOf(template, 'AWS::IAM::Policy');
  return resourcesOf(template, 'AWS::IAM::Role').map(({ id, Properties }) => {
    const own = (Properties.Policies ?? []) as PolicyInTemplate[];
    const others = attached.filter((policy) => JSON.stringify(policy.Properties.Roles).includes(`"${id}"`));
    const policies = [...own, ...others.map((policy) => policy.Properties as unknown as PolicyInTemplate)];
    const statements = policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    return {
      name: withoutHash(id),
      properties: Properties,
      policies,
      statements: statements.map((statement) => deployed(statement, resources)),
    };
  });
}

interface PolicyInTemplate {
  readonly PolicyDocument: { readonly Statement: readonly StatementInTemplate[] };
}

interface StatementInTemplate {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Resource: unknown;
  readonly [other: string]: unknown;
}

/** @throws {Error} if a statement has an element that is not evaluated here, such as `NotAction` */
function deployed(statement: StatementInTemplate, resources: Readonly<Record<string, Resource>>): Statement {
  const { Effect, Action, Resource, Condition, ...others } = statement;
  if (Object.keys(others).length > 0) throw new Error(`Cannot evaluate ${Object.keys(others).join(', ')}`);
  return {
    Effect,
    Action: [Action].flat(),
    Resource: [Resource].flat().map((each) => arnOf(each, resources)),
    ...(Condition !== undefined && conditionOf(Condition)),
  };
}

/** Evaluates the one supported condition: a key is used through a service. */
function conditionOf(condition: unknown): Pick<Statement, 'Condition'> {
  const via = (condition as Partial<Statement['Condition']>)?.StringEquals?.['kms:ViaService'];
  const isAlone = JSON.stringify(condition) === JSON.stringify({ StringEquals: { 'kms:ViaService': via } });
  if (via === undefined || !isAlone) throw new Error(`Cannot evaluate ${JSON.stringify(condition)}`);
  return through(String(evaluated(via, { 'AWS::Region': REGION })));
}

const through = (service: string) => ({ Condition: { StringEquals: { 'kms:ViaService': service } } });

/** The statement that allows one permission. */
export const allow = ([action, resource, via]: Permission): Statement => ({
  Effect: 'Allow',
  Action: [action],
  Resource: [resource],
  ...(via && through(via)),
});

/** Evaluates an intrinsic function to an ARN. A string is returned unchanged. */
function arnOf(value: unknown, resources: Readonly<Record<string, Resource>>): string {
  if (typeof value === 'string') return value;
  const { Ref, 'Fn::GetAtt': attribute, 'Fn::Join': joined } = value as Intrinsic;
  if (joined) return joined[1].map((part) => arnOf(part, resources)).join(joined[0]);
  if (Ref === 'AWS::Partition') return 'aws';
  const [id, name] = attribute ?? [Ref ?? '', 'Ref'];
  const resource = resources[id];
  const found = resource && ARNS[String(resource.Type)]?.(withoutHash(id), resource.Properties)[name];
  if (found === undefined) throw new Error(`Cannot evaluate ${JSON.stringify(value)}`);
  return found;
}

interface Intrinsic {
  readonly Ref?: string;
  readonly 'Fn::GetAtt'?: readonly [string, string];
  readonly 'Fn::Join'?: readonly [string, readonly unknown[]];
}

const withoutHash = (id: string) => id.replace(/[0-9A-F]{8}$/, '');

/** Splits statements into permissions of one action and one ARN each. */
export function permissionsOf(statements: readonly Statement[]): Permission[] {
  return statements.flatMap(({ Action, Resource, Condition }) => {
    const via = Condition?.StringEquals['kms:ViaService'];
    return Action.flatMap((action) => Resource.map((resource): Permission => [action, resource, via]));
  });
}

/**
 * Compares statements with the privileges that a role is meant to have. The slow comparisons come last, so that a caller
 * who only needs to know whether there is a problem can stop at the first.
 * @returns the problems; none if the statements allow exactly what is needed
 */
export function* problemsOf(statements: readonly Statement[], { needed, forbidden }: Privileges): Generator<string> {
  const wanted = new Set(needed.map(grantOf).map(inOneLine));
  const given = permissionsOf(statements).map(inOneLine);
  yield* given.filter((permission) => !wanted.has(permission)).map((permission) => `not needed: ${permission}`);
  yield* given.filter((permission, index) => given.indexOf(permission) < index).map((each) => `twice: ${each}`);
  yield* statements.filter(({ Effect }) => Effect !== 'Allow').map(({ Effect }) => `effect: ${Effect}`);
  const policies = new PBAC([{ Version: '2012-10-17', Statement: statements }], { validateSchema: false });
  const allowed = ([action, resource, via]: Permission) =>
    policies.evaluate({ action, resource, context: { kms: { ViaService: via ?? 'nothing' } } });
  yield* needed.filter((call) => !allowed(call)).map((call) => `refused: ${call.join(' ')}`);
  yield* forbidden.filter(allowed).map((call) => `allowed: ${call.join(' ')}`);
}

/**
 * The permission that allows a call. Log streams are granted by their group, objects by their bucket, rules by their bus,
 * and replays, the id of a stack, and
 * the rules and queues of `tail --bus` by a wildcard, as their names are not known before.
 */
function grantOf([action, resource, via]: Permission): Permission {
  const temporary = resource.replace(/(webhook-inbox-tail-)[0-9a-f]+$/, '$1*');
  if (temporary !== resource) return [action, temporary, via];
  const granted = resource
    .replace(/:log-stream:.*$/, ':*')
    .replace(/^(arn:aws:(?:s3:::[^/]+|events:.*:(?:rule\/[^/]+|replay)|cloudformation:.*:stack\/[^/]+)\/).*$/, '$1*');
  return [action, granted, via];
}

const inOneLine = ([action, resource, via]: Permission) =>
  [action, resource, ...(via ? [`through ${via}`] : [])].join(' ');
