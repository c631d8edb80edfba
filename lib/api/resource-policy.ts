import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { SourcesProps } from '../sources.ts';

/**
 * API Gateway's quota of the length of a resource policy, in characters.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html
 */
const MAX_POLICY_LENGTH = 8192;

/** Returns whether any source has an allow-list. */
export function hasAllowList(sources: SourcesProps<string>): boolean {
  return Object.values(sources).some(({ allowedCidrs }) => allowedCidrs);
}

/**
 * Creates the API's resource policy: everyone may call every path, except that the path of a source with an allow-list
 * is denied to other addresses, with and without a trailing slash, which API Gateway may treat as the same path.
 * @returns `undefined` if no source has an allow-list
 */
export function resourcePolicy(sources: SourcesProps<string>): PolicyDocument | undefined {
  if (!hasAllowList(sources)) return undefined;
  const everyone = { actions: ['execute-api:Invoke'], principals: [new AnyPrincipal()] };
  const denials = Object.entries(sources).flatMap(([name, { allowedCidrs }]) => {
    if (!allowedCidrs) return [];
    const path = `execute-api:/*/*/webhooks/${name}`;
    const conditions = { NotIpAddress: { 'aws:SourceIp': [...allowedCidrs] } };
    return [new PolicyStatement({ ...everyone, effect: Effect.DENY, resources: [path, `${path}/*`], conditions })];
  });
  const allowance = new PolicyStatement({ ...everyone, resources: ['execute-api:/*'] });
  return new PolicyDocument({ statements: [allowance, ...denials] });
}

/**
 * Validates that the allow-lists fit into the resource policy, as API Gateway would otherwise fail the deployment.
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateAllowLists(sources: SourcesProps<string>): string | undefined {
  const lists = Object.values(sources).flatMap(({ allowedCidrs }) => (allowedCidrs ? [allowedCidrs] : []));
  const length = JSON.stringify(resourcePolicy(sources)?.toJSON() ?? {}).length;
  if (length <= MAX_POLICY_LENGTH) return undefined;
  return (
    `allowedCidrs has ${lists.flat().length} ranges at ${lists.length} sources, which take ${length} characters of a ` +
    `resource policy, but API Gateway allows ${MAX_POLICY_LENGTH}; list fewer and wider ranges, or move sources to a second inbox.`
  );
}
