import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { WebhookInboxProps } from '../../lib/webhook-inbox-props.ts';
import { WebhookInboxStack } from '../../lib/webhook-inbox-stack.ts';

/** The context of cdk.json, which the `cdk` command passes to the app. */
const context: Record<string, unknown> = JSON.parse(
  readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'),
).context;

/**
 * An app as `cdk` runs it, without the slow steps that do not change a template: bundling the functions of examples, and
 * the validation against CloudFormation's rules, which app.test.ts covers.
 */
export const unbundledApp = () =>
  new App({
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    stackTraces: false,
    treeMetadata: false,
    context: { ...context, 'aws:cdk:bundling-stacks': [] },
  });

/** A stack of one inbox, in a separate app. */
export function inboxStack<TOwn extends string = never>(
  props: WebhookInboxProps<TOwn>,
  name = 'Hooks',
): WebhookInboxStack<TOwn> {
  return new WebhookInboxStack(unbundledApp(), name, props);
}

/** The template of a stack of one inbox. */
export const inboxTemplate = <TOwn extends string = never>(props: WebhookInboxProps<TOwn>, name?: string) =>
  Template.fromStack(inboxStack(props, name));

/** A resource of a template, as `findResources` returns it. */
export interface Resource {
  readonly id: string;
  readonly Properties: Record<string, unknown>;
  readonly [attribute: string]: unknown;
}

/** The resources of a type, with their logical ids. */
export function resourcesOf(template: Template, type: string): Resource[] {
  return Object.entries(template.findResources(type)).map(([id, resource]) => ({ id, ...resource }) as Resource);
}

/**
 * The one resource of a type.
 * @throws {Error} if there is none or more than one
 */
export function onlyResource(template: Template, type: string): Resource {
  const [resource, ...more] = resourcesOf(template, type);
  if (resource && more.length === 0) return resource;
  throw new Error(`Expected one resource of type ${type}, but there are ${resource ? more.length + 1 : 0}.`);
}

/**
 * The one resource of a type whose logical id contains a construct's id.
 * @throws {Error} if there is none or more than one
 */
export function resourceNamed(template: Template, type: string, constructId: string): Resource {
  const [resource, ...more] = resourcesOf(template, type).filter(({ id }) => id.includes(constructId));
  if (resource && more.length === 0) return resource;
  throw new Error(
    `Expected one ${type} with ${constructId} in its id, but there are ${resource ? more.length + 1 : 0}.`,
  );
}

type Intrinsic = { [name: string]: unknown };

/** Evaluates a value's intrinsic functions as CloudFormation does, given the value of each `Ref` and `Fn::GetAtt`. */
export function evaluated(value: unknown, refs: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((each) => evaluated(each, refs));
  if (typeof value !== 'object' || value === null) return value;
  const [[name = '', given] = []] = Object.entries(value as Intrinsic);
  const parts = name === 'Ref' ? [given] : (evaluated(given, refs) as unknown[]);
  switch (name) {
    case 'Ref':
      return refs[parts[0] as string] ?? `<${parts[0]}>`;
    case 'Fn::GetAtt':
      return refs[parts.join('.')] ?? `<${parts.join('.')}>`;
    case 'Fn::Join':
      return (parts[1] as string[]).join(parts[0] as string);
    case 'Fn::Split':
      return (parts[1] as string).split(parts[0] as string);
    case 'Fn::Select':
      return (parts[1] as string[])[Number(parts[0])];
    default:
      throw new Error(`Cannot evaluate ${name}.`);
  }
}
