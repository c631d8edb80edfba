import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { WebhookInboxProps } from '../../lib/webhook-inbox.ts';
import { WebhookInboxStack } from '../../lib/webhook-inbox-stack.ts';

/** What cdk.json tells the app, as the `cdk` command passes it on. */
const context: Record<string, unknown> = JSON.parse(
  readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'),
).context;

/**
 * An app as `cdk` runs it, less what takes long and shows in no template: the bundles, and CloudFormation's rules, which
 * the app itself is tested with.
 */
export const unbundledApp = () =>
  new App({
    analyticsReporting: false,
    builtinCloudFormationValidation: false,
    stackTraces: false,
    treeMetadata: false,
    context: { ...context, 'aws:cdk:bundling-stacks': [] },
  });

/** A stack of one inbox, in an app of its own. */
export function inboxStack(props: WebhookInboxProps, name = 'Hooks'): WebhookInboxStack {
  return new WebhookInboxStack(unbundledApp(), name, props);
}

/** What CloudFormation is given for a stack of one inbox. */
export const inboxTemplate = (props: WebhookInboxProps, name?: string) => Template.fromStack(inboxStack(props, name));

/** A resource of a template, as `findResources` has it. */
export interface Resource {
  readonly id: string;
  readonly Properties: Record<string, unknown>;
  readonly [attribute: string]: unknown;
}

/** The resources of a type, with their logical ids. */
export function resourcesOf(template: Template, type: string): Resource[] {
  return Object.entries(template.findResources(type)).map(([id, resource]) => ({ id, ...resource }) as Resource);
}

/** The one resource of a type. */
export function onlyResource(template: Template, type: string): Resource {
  const [resource, ...more] = resourcesOf(template, type);
  if (resource && more.length === 0) return resource;
  throw new Error(`There are ${resource ? more.length + 1 : 'no'} resources of type ${type}, where one was expected.`);
}

type Intrinsic = { [name: string]: unknown };

/** What CloudFormation makes of a value, given what each `Ref` stands for. */
export function evaluated(value: unknown, refs: Readonly<Record<string, string>>): unknown {
  if (Array.isArray(value)) return value.map((each) => evaluated(each, refs));
  if (typeof value !== 'object' || value === null) return value;
  const [[name = '', given] = []] = Object.entries(value as Intrinsic);
  const parts = name === 'Ref' ? [given] : (evaluated(given, refs) as unknown[]);
  switch (name) {
    case 'Ref':
      return refs[parts[0] as string] ?? `<${parts[0]}>`;
    case 'Fn::Join':
      return (parts[1] as string[]).join(parts[0] as string);
    case 'Fn::Split':
      return (parts[1] as string).split(parts[0] as string);
    case 'Fn::Select':
      return (parts[1] as string[])[Number(parts[0])];
    default:
      throw new Error(`${name} is not evaluated here.`);
  }
}
