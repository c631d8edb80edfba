import { Token } from 'aws-cdk-lib';
import type { Stage } from 'aws-cdk-lib/aws-apigateway';
import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct, Node } from 'constructs';

/** What a web ACL lets through. */
export interface WafProps {
  /**
   * How many requests an address may send in any five minutes, about; 10 at least. The others are answered 429, so that
   * a provider sends them again.
   * @default 10,000: 33 a second, a third of the default throttle, so that no address uses up alone what all share
   */
  readonly requestsPerAddress?: number;
}

/** What is wrong with a web ACL, and what to change; undefined where nothing is. */
export function validateWaf({ requestsPerAddress = REQUESTS_PER_ADDRESS }: WafProps): string | undefined {
  const isGood = Number.isInteger(requestsPerAddress) && requestsPerAddress >= 10 && requestsPerAddress <= MAX_REQUESTS;
  if (Token.isUnresolved(requestsPerAddress) || isGood) return undefined;
  return (
    'waf.requestsPerAddress must be a whole number of requests in five minutes, ' +
    `from 10 to ${MAX_REQUESTS}, not ${requestsPerAddress}.`
  );
}

const REQUESTS_PER_ADDRESS = 10_000;
const MAX_REQUESTS = 2_000_000_000;

/**
 * Rules of AWS's that count what matches, and let it through. Webhooks are larger than 8 KB, hold HTML, paths and URLs,
 * and come without a user agent; who sent them is told by their signature, not by what they look like.
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

/** What API Gateway says when it throttles. */
const TOO_MANY_REQUESTS = { key: 'too-many-requests', content: '{"message":"Too Many Requests"}' };

/**
 * A web ACL of the stage: a limit for each address, then AWS's common rules, less those that read bodies. Metrics are
 * on, samples off: they would keep headers, and with them signatures and tokens.
 */
export class WebAcl extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { stage, requestsPerAddress = REQUESTS_PER_ADDRESS }: WafProps & { readonly stage: Stage },
  ) {
    super(scope, id);
    const acl = new CfnWebACL(this, 'Acl', {
      description: 'What reaches the webhooks',
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      visibilityConfig: visibility(Node.of(this).path.replaceAll('/', '-')),
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
