import { Names, Token } from 'aws-cdk-lib';
import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';

/** Options of a web ACL. */
export interface WafProps {
  /**
   * Requests that an IP address may send in any five minutes, approximately. From 10 to 2,000,000,000. Requests above it
   * are answered 429, which providers retry. The default is 33 per second, a third of the default throttle, so that no
   * address can use up the throttle that all share.
   * @default 10_000
   */
  readonly requestsPerAddress?: number;
}

/**
 * Validates the options of a web ACL.
 * @returns what is wrong, or `undefined`
 */
export function validateWaf({ requestsPerAddress = REQUESTS_PER_ADDRESS }: WafProps): string | undefined {
  const isWhole = Number.isInteger(requestsPerAddress);
  const isValid = isWhole && requestsPerAddress >= 10 && requestsPerAddress <= MAX_REQUESTS;
  if (Token.isUnresolved(requestsPerAddress) || isValid) return undefined;
  return (
    'waf.requestsPerAddress must be a whole number of requests in five minutes, ' +
    `from 10 to ${MAX_REQUESTS}, not ${requestsPerAddress}.`
  );
}

const REQUESTS_PER_ADDRESS = 10_000;
const MAX_REQUESTS = 2_000_000_000;

/**
 * Managed rules that only count, because genuine webhooks match them: they are larger than 8 KB, have HTML, paths and
 * URLs in their bodies, and no user agent. Signatures decide whether a request is genuine.
 * @see https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html
 */
const COUNTED_RULES = [
  'SizeRestrictions_BODY',
  'CrossSiteScripting_BODY',
  'GenericLFI_BODY',
  'GenericRFI_BODY',
  'EC2MetaDataSSRF_BODY',
  'NoUserAgent_HEADER',
];

/** The response of API Gateway's own throttle. */
const TOO_MANY_REQUESTS = { key: 'too-many-requests', content: '{"message":"Too Many Requests"}' };

/**
 * The web ACL of the API's stage: a rate limit per IP address, then AWS's common rules without those that inspect
 * bodies. Metrics are on. Samples are off, as they would have headers with signatures and tokens.
 */
export class WebAcl extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { stage, requestsPerAddress = REQUESTS_PER_ADDRESS }: WafProps & { readonly stage: Stage },
  ) {
    super(scope, id);
    const acl = new CfnWebACL(this, 'Acl', {
      description: 'Limits and filters the requests to the webhook API',
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility(Names.uniqueResourceName(this, { separator: '-', maxLength: 128 })),
      customResponseBodies: {
        [TOO_MANY_REQUESTS.key]: { contentType: 'APPLICATION_JSON', content: TOO_MANY_REQUESTS.content },
      },
      rules: [addressLimit(requestsPerAddress), COMMON_RULES],
    });
    new CfnWebACLAssociation(this, 'Association', { resourceArn: stage.stageArn, webAclArn: acl.attrArn });
  }
}

const visibility = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  metricName,
  cloudWatchMetricsEnabled: true,
  sampledRequestsEnabled: false,
});

function addressLimit(limit: number): CfnWebACL.RuleProperty {
  return {
    name: 'AddressLimit',
    priority: 0,
    statement: { rateBasedStatement: { aggregateKeyType: 'IP', evaluationWindowSec: 300, limit } },
    action: {
      block: {
        customResponse: {
          responseCode: 429,
          customResponseBodyKey: TOO_MANY_REQUESTS.key,
          responseHeaders: [{ name: 'Retry-After', value: '60' }],
        },
      },
    },
    visibilityConfig: visibility('AddressLimit'),
  };
}

const COMMON_RULES: CfnWebACL.RuleProperty = {
  name: 'CommonRules',
  priority: 1,
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name: 'AWSManagedRulesCommonRuleSet',
      ruleActionOverrides: COUNTED_RULES.map((name) => ({ name, actionToUse: { count: {} } })),
    },
  },
  overrideAction: { none: {} },
  visibilityConfig: visibility('CommonRules'),
};
