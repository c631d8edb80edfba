import { BlockList, isIP } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { Stack } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { readConfig } from '../../lambda/receiver/config.ts';
import { PROBLEMS } from '../../lambda/receiver/problem.ts';
import { deployedSources } from '../../lib/deployed-sources.ts';
import type { SourceOptions, SourcesProps } from '../../lib/sources.ts';
import { validateCidrs } from '../../lib/validate-cidrs.ts';
import { validateSources } from '../../lib/validate-sources.ts';
import type { WebhookInboxProps } from '../../lib/webhook-inbox-props.ts';
import { everyOption } from './every-option.ts';
import { evaluated, inboxStack, inboxTemplate, onlyResource, resourceNamed, resourcesOf } from './synthesis.ts';

const generic = { provider: 'generic' } as const;
const meta = { provider: 'meta', settings: { verifyToken: 'a-verify-token' } } as const;

/** An inbox with its receiving part only. */
const bare = (sources: SourcesProps, props: Partial<WebhookInboxProps> = {}) =>
  inboxTemplate({ forwarding: false, alarms: false, accessLogs: false, sources, ...props });

const open = bare({ partner: generic, 'partner-eu': generic });
const api = (template: Template) => onlyResource(template, 'AWS::ApiGateway::RestApi').Properties;
const deploymentId = (template: Template) => onlyResource(template, 'AWS::ApiGateway::Deployment').id;
const responsesOf = (template: Template, type: string) =>
  resourcesOf(template, 'AWS::ApiGateway::GatewayResponse').filter(
    ({ Properties }) => Properties.ResponseType === type,
  );
const accessDenied = (template: Template) => responsesOf(template, 'ACCESS_DENIED');

const validate = (options: SourceOptions) => validateSources({ partner: { ...generic, ...options } });

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string;
  readonly Principal: unknown;
  readonly Resource: string | string[];
  readonly Condition?: { readonly NotIpAddress: { readonly 'aws:SourceIp': string | string[] } };
}

/** Matches as IAM does: an asterisk is any text. */
function isLike(pattern: string, text: string): boolean {
  const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`).test(text);
}

function isWithin(cidrs: string[], address: string): boolean {
  const list = new BlockList();
  const family = (ip: string) => (isIP(ip) === 6 ? 'ipv6' : 'ipv4');
  for (const cidr of cidrs) {
    const [network = '', prefix] = cidr.split('/');
    list.addSubnet(network, Number(prefix), family(network));
  }
  return list.check(address, family(address));
}

/** Decides as API Gateway does: a call is allowed if a statement allows it and none denies it. */
function isAllowed(template: Template, path: string, address: string): boolean {
  const { Statement: statements } = api(template).Policy as { Statement: Statement[] };
  const applying = statements.filter(({ Resource, Condition }) => {
    const isForPath = [Resource].flat().some((resource) => isLike(resource, `execute-api:/prod/POST${path}`));
    const cidrs = Condition ? [Condition.NotIpAddress['aws:SourceIp']].flat() : [];
    return isForPath && (!Condition || !isWithin(cidrs, address));
  });
  const effects = applying.map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

describe('allow-list', () => {
  const cidrs = ['203.0.113.0/24', '2001:db8::/32'];
  const sources = {
    partner: { ...generic, allowedCidrs: cidrs },
    'partner-eu': generic,
    bank: { ...generic, allowedCidrs: ['198.51.100.7/32'] },
  };
  const template = bare(sources);

  it.each([
    ['/webhooks/partner', '203.0.113.9', true],
    ['/webhooks/partner', '2001:db8::9', true],
    ['/webhooks/partner', '203.0.114.9', false],
    ['/webhooks/partner', '2001:db9::9', false],
    ['/webhooks/partner', '198.51.100.7', false],
    ['/webhooks/partner/', '203.0.114.9', false],
    ['/webhooks/bank', '198.51.100.7', true],
    ['/webhooks/bank', '198.51.100.8', false],
    ['/webhooks/bank', '203.0.113.9', false],
    ['/webhooks/partner-eu', '192.0.2.1', true],
    ['/webhooks/partner-eu', '2001:db9::9', true],
    ['/webhooks', '192.0.2.1', true],
  ])('applies only to the path of its source: a call of %s from %s is allowed: %s', (path, address, expected) => {
    expect(isAllowed(template, path, address)).toBe(expected);
  });

  it('is a resource policy with statements on invoking the API only', () => {
    const { Statement: statements } = api(template).Policy as { Statement: Statement[] };
    expect(statements.map(({ Effect }) => Effect)).toEqual(['Allow', 'Deny', 'Deny']);
    for (const { Action, Principal } of statements) {
      expect({ Action, Principal }).toEqual({ Action: 'execute-api:Invoke', Principal: { AWS: '*' } });
    }
  });

  it('answers other addresses with the same 404 as a path that does not exist', () => {
    const [notFound] = responsesOf(template, 'RESOURCE_NOT_FOUND');
    const [answer, ...others] = accessDenied(template);
    expect(others).toEqual([]);
    expect(answer?.Properties).toEqual({ ...notFound?.Properties, ResponseType: 'ACCESS_DENIED' });
    expect(answer?.Properties.StatusCode).toBe(String(PROBLEMS.not_found.status));
  });

  it('adds no resource policy and no gateway response if no source has an allow-list', () => {
    expect(api(open)).not.toHaveProperty('Policy');
    expect(accessDenied(open)).toEqual([]);
  });

  it('redeploys the API when an allow-list changes', () => {
    const restricted = (...allowedCidrs: string[]) =>
      deploymentId(bare({ partner: { ...generic, allowedCidrs }, 'partner-eu': generic }));
    const ids = [deploymentId(open), restricted('192.0.2.0/24'), restricted('192.0.2.0/25')];
    expect(new Set(ids).size).toBe(3);
    expect(restricted('192.0.2.0/24')).toBe(ids[1]);
  });

  it.each(['192.0.2.0/24', '192.0.2.7/32', '10.0.0.0/8', '2001:db8::/32', '2001:DB8::1/128', '::ffff:1.2.3.4/128'])(
    'accepts the range %s',
    (cidr) => expect(validateCidrs([cidr])).toBeUndefined(),
  );

  it.each([
    '',
    'example.com',
    '192.0.2.0/33',
    '192.0.2.0/',
    '192.0.2.0/024',
    '192.0.2.0/-1',
    '192.0.2.0/255.255.255.0',
    '192.0.2/24',
    '192.0.2.256/24',
    ' 192.0.2.0/24',
    '192.0.2.0/24,10.0.0.0/8',
    '2001:db8::/129',
    'fe80::1%eth0/64',
    '/24',
  ])('rejects %j, which is not a range', (cidr) => {
    expect(validate({ allowedCidrs: ['192.0.2.0/24', cidr] })).toBe(
      `Source "partner": allowedCidrs must have ranges such as "203.0.113.0/24" or "2001:db8::/32", not "${cidr}".`,
    );
  });

  it.each([
    [['192.0.2.7'], 'allowedCidrs has the address "192.0.2.7"; write the range "192.0.2.7/32".'],
    [['2001:db8::1'], 'allowedCidrs has the address "2001:db8::1"; write the range "2001:db8::1/128".'],
    [['0.0.0.0/0'], 'allowedCidrs has "0.0.0.0/0", which is everyone; leave it out to allow everyone.'],
    [['::/0'], 'allowedCidrs has "::/0", which is everyone; leave it out to allow everyone.'],
    [[], 'allowedCidrs is empty, so nobody could call; leave it out to allow everyone.'],
    ['192.0.2.0/24', 'allowedCidrs must be a list: ["203.0.113.0/24"], not "192.0.2.0/24".'],
  ])('rejects %j and says how to fix it', (allowedCidrs, message) => {
    expect(validate({ allowedCidrs: allowedCidrs as string[] })).toBe(`Source "partner": ${message}`);
  });
});

describe('throttle of a source', () => {
  const settings = (template: Template) => onlyResource(template, 'AWS::ApiGateway::Stage').Properties.MethodSettings;
  const setting = (HttpMethod: string, ResourcePath: string, rateLimit: number, burstLimit: number) => ({
    HttpMethod,
    ResourcePath,
    ThrottlingRateLimit: rateLimit,
    ThrottlingBurstLimit: burstLimit,
    MetricsEnabled: true,
    LoggingLevel: 'OFF',
    DataTraceEnabled: false,
  });
  const throttle = { rateLimit: 0.5, burstLimit: 3 };

  it('limits each method of its source and no other source', () => {
    const template = bare({ meta: { ...meta, throttle }, 'meta-eu': meta });
    expect(settings(template)).toHaveLength(3);
    expect(settings(template)).toEqual(
      expect.arrayContaining([
        setting('*', '/*', 100, 200),
        setting('GET', '/~1webhooks~1meta', 0.5, 3),
        setting('POST', '/~1webhooks~1meta', 0.5, 3),
      ]),
    );
  });

  it('changes the stage, without a new deployment of the API if its source already had a throttle', () => {
    const throttled = (rateLimit: number) =>
      bare({ partner: { ...generic, throttle: { ...throttle, rateLimit } }, 'partner-eu': generic });
    expect(settings(throttled(1))).not.toEqual(settings(throttled(2)));
    expect(deploymentId(throttled(1))).toBe(deploymentId(throttled(2)));
    expect(deploymentId(throttled(1))).not.toBe(deploymentId(open));
  });

  const wrong = [
    [{ rateLimit: 0, burstLimit: 1 }, 'rateLimit must be a number of requests per second above 0, not 0.'],
    [{ rateLimit: Number.NaN, burstLimit: 1 }, 'rateLimit must be a number of requests per second above 0, not NaN.'],
    [{ rateLimit: 1, burstLimit: 0 }, 'burstLimit must be a whole number of requests, at least 1, not 0.'],
    [{ rateLimit: 1, burstLimit: 1.5 }, 'burstLimit must be a whole number of requests, at least 1, not 1.5.'],
  ] as const;

  it.each(wrong)('cannot be %j, on a source or on the inbox', (limits, message) => {
    expect(validate({ throttle: limits })).toBe(`Source "partner": throttle.${message}`);
    expect(() => inboxStack({ sources: { partner: generic }, throttle: limits })).toThrow(
      new Error(`throttle.${message}`),
    );
  });
});

const certificate = Certificate.fromCertificateArn(new Stack(), 'Certificate', 'arn:aws:acm:eu-west-1:1:certificate/c');
const stageOf = (template: Template) => onlyResource(template, 'AWS::ApiGateway::Stage');

const MODERN_TLS = { SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PQ_2025_09', EndpointAccessMode: 'STRICT' };

describe('custom domain', () => {
  const ranges = ['203.0.113.0/24', '2001:db8::/32'];
  const sources = { partner: { ...generic, allowedCidrs: ranges }, twilio: { provider: 'twilio' } } as const;
  const whole = inboxTemplate(everyOption(sources));
  const domain = onlyResource(whole, 'AWS::ApiGateway::DomainName');
  const customDomain = { domainName: 'hooks.example.com', certificate };

  it('serves TLS 1.2 and newer by IPv4 and IPv6, and disables the host name that API Gateway assigns', () => {
    expect(domain.Properties).toEqual({
      DomainName: 'hooks.example.com',
      RegionalCertificateArn: 'arn:aws:acm:eu-west-1:111122223333:certificate/c',
      EndpointConfiguration: { Types: ['REGIONAL'], IpAddressType: 'dualstack' },
      ...MODERN_TLS,
    });
    for (const template of [whole, open]) expect(api(template)).toMatchObject(MODERN_TLS);
    expect(onlyResource(whole, 'AWS::ApiGateway::BasePathMapping').Properties).toEqual({
      DomainName: { Ref: domain.id },
      RestApiId: { Ref: onlyResource(whole, 'AWS::ApiGateway::RestApi').id },
      Stage: { Ref: stageOf(whole).id },
    });
    expect(api(whole).DisableExecuteApiEndpoint).toBe(true);
    expect(api(open)).not.toHaveProperty('DisableExecuteApiEndpoint');
    expect(deploymentId(bare({ partner: generic, 'partner-eu': generic }, { customDomain }))).not.toBe(
      deploymentId(open),
    );
  });

  it('does not change allow-lists', () => {
    expect(api(whole).Policy).toEqual(api(bare(sources)).Policy);
    expect(isAllowed(whole, '/webhooks/partner', '2001:db8::9')).toBe(true);
    expect(isAllowed(whole, '/webhooks/partner', '2001:db9::9')).toBe(false);
  });

  it('adds its DNS records to the hosted zone, without an output for them', () => {
    const AliasTarget = {
      DNSName: { 'Fn::GetAtt': [domain.id, 'RegionalDomainName'] },
      HostedZoneId: { 'Fn::GetAtt': [domain.id, 'RegionalHostedZoneId'] },
    };
    const record = (Type: string) => ({ Type, Name: 'hooks.example.com.', HostedZoneId: 'Z123', AliasTarget });
    const records = resourcesOf(whole, 'AWS::Route53::RecordSet').map(({ Properties }) => Properties);
    expect(records).toEqual([record('A'), record('AAAA')]);
    expect(whole.findOutputs('DnsTarget')).toEqual({});
  });

  it('adds an output with the target of the CNAME record if it has no hosted zone', () => {
    const template = bare({ partner: generic }, { customDomain });
    const target = { 'Fn::GetAtt': [onlyResource(template, 'AWS::ApiGateway::DomainName').id, 'RegionalDomainName'] };
    expect(template.findOutputs('DnsTarget')).toEqual({
      DnsTarget: { Value: target, Description: expect.stringContaining('CNAME record of hooks.example.com') },
    });
    expect(resourcesOf(template, 'AWS::Route53::RecordSet')).toEqual([]);
    expect(open.findOutputs('DnsTarget')).toEqual({});
  });

  it('is the host of the URLs in the outputs and of the URLs that signatures cover', () => {
    const template = bare(sources, { customDomain: { ...customDomain, ipv6: false } });
    const url = 'https://hooks.example.com/webhooks/twilio';
    expect(template.findOutputs('TwilioUrl').TwilioUrl?.Value).toBe(url);
    const { Environment } = resourceNamed(template, 'AWS::Lambda::Function', 'Receiver').Properties;
    const { Variables } = Environment as { Variables: NodeJS.ProcessEnv };
    const names = { TABLE_NAME: 'events', QUARANTINE_TABLE_NAME: 'quarantine', PAYLOAD_BUCKET_NAME: 'payloads' };
    const queue = { OVERFLOW_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/overflow' };
    const environment = { ...Variables, ...names, ...queue, AWS_REGION: 'eu-west-1' };
    const { sources: configured } = readConfig(environment, deployedSources(sources).configs);
    expect(configured.get('twilio')?.publicUrl).toBe(url);
  });

  it('serves IPv4 only if ipv6 is false', () => {
    const hostedZone = HostedZone.fromHostedZoneAttributes(new Stack(), 'Z', {
      hostedZoneId: 'Z',
      zoneName: 'example.com.',
    });
    const template = bare({ partner: generic }, { customDomain: { ...customDomain, hostedZone, ipv6: false } });
    expect(onlyResource(template, 'AWS::ApiGateway::DomainName').Properties.EndpointConfiguration).toEqual({
      Types: ['REGIONAL'],
      IpAddressType: 'ipv4',
    });
    expect(onlyResource(template, 'AWS::Route53::RecordSet').Properties.Type).toBe('A');
  });

  it.each([
    '',
    'example',
    'Hooks.example.com',
    'https://hooks.example.com',
    'hooks.example.com/',
    '*.example.com',
    'a..b',
    '192.0.2.1',
  ])('cannot have the name %j', (domainName) => {
    expect(() => bare({ partner: generic }, { customDomain: { domainName, certificate } })).toThrow(
      new Error(
        `customDomain.domainName must be a host name in lower case, such as "hooks.example.com", not "${domainName}".`,
      ),
    );
  });

  it('cannot be outside its hosted zone', () => {
    const hostedZone = HostedZone.fromHostedZoneAttributes(new Stack(), 'Z', {
      hostedZoneId: 'Z',
      zoneName: 's.example.com',
    });
    expect(() => bare({ partner: generic }, { customDomain: { ...customDomain, hostedZone } })).toThrow(
      new Error(
        'customDomain.domainName "hooks.example.com" is not in the hosted zone "s.example.com"; ' +
          'pass its own zone, or leave hostedZone out and create the DNS record yourself.',
      ),
    );
  });

  it('cannot serve IPv6 if an allow-list has no IPv6 range', () => {
    const restricted = { partner: generic, bank: { ...generic, allowedCidrs: ['203.0.113.0/24'] } };
    expect(() => bare(restricted, { customDomain })).toThrow(
      new Error(
        'Source "bank": allowedCidrs has no IPv6 range, but customDomain serves IPv6; ' +
          "add the provider's IPv6 ranges, or set customDomain.ipv6 to false.",
      ),
    );
    expect(() => bare(restricted, { customDomain: { ...customDomain, ipv6: false } })).not.toThrow();
  });
});

describe('web ACL', () => {
  const filtered = bare({ partner: generic }, { waf: {} });
  const acl = onlyResource(filtered, 'AWS::WAFv2::WebACL');
  const { Rules: rules, CustomResponseBodies: bodies, VisibilityConfig: visibility } = acl.Properties;
  const [limit, common, ...others] = rules as Record<string, unknown>[];

  it('is associated with the stage and allows what no rule blocks', () => {
    expect(acl.Properties).toMatchObject({ Scope: 'REGIONAL', DefaultAction: { Allow: {} } });
    expect(others).toEqual([]);
    const { ResourceArn, WebACLArn } = onlyResource(filtered, 'AWS::WAFv2::WebACLAssociation').Properties;
    expect(WebACLArn).toEqual({ 'Fn::GetAtt': [acl.id, 'Arn'] });
    const refs = { [onlyResource(filtered, 'AWS::ApiGateway::RestApi').id]: 'api', [stageOf(filtered).id]: 'prod' };
    expect(evaluated(ResourceArn, refs)).toBe(
      'arn:<AWS::Partition>:apigateway:<AWS::Region>::/restapis/api/stages/prod',
    );
  });

  it('answers an address above the limit with 429 and Retry-After, in the words of API Gateway', () => {
    expect(limit).toMatchObject({
      Priority: 0,
      Statement: { RateBasedStatement: { AggregateKeyType: 'IP', EvaluationWindowSec: 300, Limit: 10_000 } },
      Action: {
        Block: {
          CustomResponse: {
            ResponseCode: 429,
            CustomResponseBodyKey: 'too-many-requests',
            ResponseHeaders: [{ Name: 'Retry-After', Value: '60' }],
          },
        },
      },
    });
    expect(bodies).toEqual({
      'too-many-requests': { ContentType: 'APPLICATION_JSON', Content: '{"message":"Too Many Requests"}' },
    });
    const stricter = onlyResource(
      bare({ partner: generic }, { waf: { requestsPerAddress: 10 } }),
      'AWS::WAFv2::WebACL',
    );
    expect(JSON.stringify(stricter.Properties)).toContain('"Limit":10}');
  });

  it("blocks by AWS's common rules and only counts by the rules that genuine webhooks match", () => {
    const counted = [
      'SizeRestrictions_BODY',
      'CrossSiteScripting_BODY',
      'GenericLFI_BODY',
      'GenericRFI_BODY',
      'EC2MetaDataSSRF_BODY',
      'NoUserAgent_HEADER',
    ];
    expect(common).toMatchObject({
      Priority: 1,
      OverrideAction: { None: {} },
      Statement: {
        ManagedRuleGroupStatement: {
          VendorName: 'AWS',
          Name: 'AWSManagedRulesCommonRuleSet',
          RuleActionOverrides: counted.map((Name) => ({ Name, ActionToUse: { Count: {} } })),
        },
      },
    });
  });

  it('emits metrics and keeps no samples or logs of requests, which have signatures and tokens', () => {
    const settings = [visibility, limit?.VisibilityConfig, common?.VisibilityConfig];
    for (const each of settings) {
      expect(each).toMatchObject({ CloudWatchMetricsEnabled: true, SampledRequestsEnabled: false });
    }
    expect(new Set(settings.map((each) => (each as { MetricName: string }).MetricName)).size).toBe(3);
    expect(resourcesOf(filtered, 'AWS::WAFv2::LoggingConfiguration')).toEqual([]);
  });

  it('answers blocked requests with the same 404 as a path that does not exist', () => {
    const [answer, ...more] = responsesOf(filtered, 'WAF_FILTERED');
    expect(more).toEqual([]);
    expect(answer?.Properties).toEqual({
      ...responsesOf(filtered, 'RESOURCE_NOT_FOUND')[0]?.Properties,
      ResponseType: 'WAF_FILTERED',
    });
  });

  it('is not created by default or if waf is false, nor is its gateway response', () => {
    for (const template of [open, bare({ partner: generic }, { waf: false })]) {
      expect(resourcesOf(template, 'AWS::WAFv2::WebACL')).toEqual([]);
      expect(responsesOf(template, 'WAF_FILTERED')).toEqual([]);
    }
  });

  it.each([0, 9, 10.5, Number.NaN, 2_000_000_001])('cannot limit addresses to %d requests', (requests) => {
    expect(() => bare({ partner: generic }, { waf: { requestsPerAddress: requests } })).toThrow(
      new Error(
        'waf.requestsPerAddress must be a whole number of requests in five minutes, ' +
          `from 10 to 2000000000, not ${requests}.`,
      ),
    );
  });
});

describe('access logs', () => {
  const logged = bare({ partner: generic }, { accessLogs: {} });
  const groupOf = (template: Template) =>
    resourcesOf(template, 'AWS::Logs::LogGroup').find(({ id }) => id.includes('AccessLogs'));
  const settingOf = (template: Template) =>
    stageOf(template).Properties.AccessLogSetting as { DestinationArn: unknown; Format: string } | undefined;

  it('have one line of JSON per request, with nothing secret and nothing that the sender chose', () => {
    expect(JSON.parse(settingOf(logged)?.Format ?? '')).toEqual({
      request_id: '$context.requestId',
      time: '$context.requestTime',
      source_ip: '$context.identity.sourceIp',
      method: '$context.httpMethod',
      resource: '$context.resourcePath',
      status: '$context.status',
      response_bytes: '$context.responseLength',
      latency_ms: '$context.responseLatency',
      integration_status: '$context.integrationStatus',
      integration_ms: '$context.integrationLatency',
      waf: '$context.wafResponseCode',
      gateway_response: '$context.error.responseType',
    });
  });

  it('are kept for a month in a separate log group', () => {
    const group = groupOf(logged);
    expect(group).toMatchObject({ Properties: { RetentionInDays: 30 }, DeletionPolicy: 'Delete' });
    expect(evaluated(settingOf(logged)?.DestinationArn, { [group?.id ?? '']: 'access-logs' })).toBe(
      'arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:access-logs',
    );
  });

  it('are enabled after API Gateway has the role for writing them', () => {
    expect(stageOf(logged).DependsOn).toContain(onlyResource(logged, 'AWS::ApiGateway::Account').id);
  });

  it('can be written with the role that the account already has', () => {
    const template = bare({ partner: generic }, { accessLogs: { setAccountRole: false } });
    expect(settingOf(template)?.Format).toBe(settingOf(logged)?.Format);
    expect(groupOf(template)).toBeDefined();
  });

  it('are not created if accessLogs is false', () => {
    expect(stageOf(open).Properties).not.toHaveProperty('AccessLogSetting');
    expect(groupOf(open)).toBeUndefined();
  });
});
