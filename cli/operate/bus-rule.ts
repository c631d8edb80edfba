import {
  type EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
} from '@aws-sdk/client-eventbridge';
import { UsageError } from '../arguments.ts';

/** A consumer's rule on an event bus. */
export interface BusRule {
  readonly name: string;
  readonly arn: string;
  /** The event pattern, in JSON. */
  readonly pattern: string;
  readonly isEnabled: boolean;
  /** The ARNs of its targets. */
  readonly targets: readonly string[];
}

/**
 * Reads a rule by its name.
 * @throws {UsageError} if the bus has no such rule, with the names of its rules
 */
export async function busRule(client: EventBridgeClient, busName: string, name: string): Promise<BusRule> {
  const rules = await rulesOf(client, busName);
  const rule = rules.find(({ Name }) => Name === name);
  if (rule) return await withTargets(client, busName, rule);
  const names = rules.map(({ Name }) => Name).join(', ') || 'none';
  throw new UsageError(`The bus ${busName} has no rule ${name} for a replay. It has: ${names}.`);
}

/** Reads all rules of consumers on a bus. */
export async function busRules(client: EventBridgeClient, busName: string): Promise<readonly BusRule[]> {
  const rules: BusRule[] = [];
  for (const rule of await rulesOf(client, busName)) rules.push(await withTargets(client, busName, rule));
  return rules;
}

async function withTargets(client: EventBridgeClient, busName: string, rule: Rule): Promise<BusRule> {
  const { Name: name = '', Arn: arn = '', EventPattern: pattern = 'none', State } = rule;
  return { name, arn, pattern, isEnabled: State !== 'DISABLED', targets: await targetsOf(client, busName, name) };
}

/** All rules but the one that fills the archive, to which nothing can be replayed. */
async function rulesOf(client: EventBridgeClient, busName: string): Promise<readonly Rule[]> {
  const rules: Rule[] = [];
  const query = { EventBusName: busName };
  for await (const { Rules = [] } of pagesOf((at) => client.send(new ListRulesCommand({ ...query, ...at })))) {
    rules.push(...Rules);
  }
  return rules.filter(({ Name, ManagedBy }) => !(ManagedBy && Name?.startsWith('Events-Archive-')));
}

async function targetsOf(client: EventBridgeClient, busName: string, rule: string): Promise<readonly string[]> {
  const targets: string[] = [];
  const query = { EventBusName: busName, Rule: rule };
  for await (const { Targets = [] } of pagesOf((at) =>
    client.send(new ListTargetsByRuleCommand({ ...query, ...at })),
  )) {
    targets.push(...Targets.map(({ Arn = '' }) => Arn));
  }
  return targets;
}

/** The pages of a list: the SDK has no paginators for EventBridge. */
export async function* pagesOf<Page extends { NextToken?: string | undefined }>(
  pageAt: (at: { NextToken?: string }) => Promise<Page>,
): AsyncGenerator<Page> {
  let page = await pageAt({});
  yield page;
  while (page.NextToken) {
    page = await pageAt({ NextToken: page.NextToken });
    yield page;
  }
}
