import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { SourcesProps } from '../sources.ts';

/** Returns whether any source has an allow-list. */
export function hasAllowList(sources: SourcesProps): boolean {
  return Object.values(sources).some(({ allowedCidrs }) => allowedCidrs);
}

/**
 * Creates the API's resource policy: everyone may call every path, except that the path of a source with an allow-list
 * is denied to other addresses, with and without a trailing slash, which API Gateway may treat as the same path.
 * @returns `undefined` if no source has an allow-list
 */
export function resourcePolicy(sources: SourcesProps): PolicyDocument | undefined {
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
