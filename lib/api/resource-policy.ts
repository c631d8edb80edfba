import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { SourcesProps } from '../sources.ts';

/** Whether any source has an allow-list. */
export function isRestricted(sources: SourcesProps): boolean {
  return Object.values(sources).some(({ allowedCidrs }) => allowedCidrs);
}

/**
 * The API's resource policy. It lets everyone call everything, but for the paths of sources with an allow-list;
 * undefined, which is the same, where no source has one. A path stands there with a slash behind it too, since API
 * Gateway may take that for the same.
 */
export function resourcePolicy(sources: SourcesProps): PolicyDocument | undefined {
  if (!isRestricted(sources)) return undefined;
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
