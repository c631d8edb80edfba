import { BlockList, isIP } from 'node:net';
import { describe, expect, it } from '@jest/globals';
import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Key } from 'aws-cdk-lib/aws-kms';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { readConfig } from '../../lambda/receiver/config.ts';
import { PROBLEMS } from '../../lambda/receiver/problem.ts';
import { validateCidrs } from '../../lib/allowed-cidrs.ts';
import { checkSources, type SourceOptions, type SourcesProps } from '../../lib/sources.ts';
import { WebhookInbox, type WebhookInboxProps } from '../../lib/webhook-inbox.ts';
import { everyOption } from './every-option.ts';
import { evaluated, inboxStack, inboxTemplate, onlyResource, resourcesOf, unbundledApp } from './synthesis.ts';

const generic = { provider: 'generic' } as const;
const meta = { provider: 'meta', settings: { verifyToken: 'a-verify-token' } } as const;

/** An inbox of nothing but what receives. */
const bare = (sources: SourcesProps, props: Partial<WebhookInboxProps> = {}) =>
  inboxTemplate({ forwarding: false, alarms: false, accessLogs: false, sources, ...props });

const open = bare({ partner: generic, 'partner-eu': generic });
const api = (template: Template) => onlyResource(template, 'AWS::ApiGateway::RestApi').Properties;
const deploymentId = (template: Template) => onlyResource(template, 'AWS::ApiGateway::Deployment').id;
const answersOf = (template: Template, type: string) =>
  resourcesOf(template, 'AWS::ApiGateway::GatewayResponse').filter(
    ({ Properties }) => Properties.ResponseType === type,
  );
const accessDenied = (template: Template) => answersOf(template, 'ACCESS_DENIED');

const refusal = (options: SourceOptions) => () => checkSources({ partner: { ...generic, ...options } });

interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string;
  readonly Principal: unknown;
  readonly Resource: string | string[];
  readonly Condition?: { readonly NotIpAddress: { readonly 'aws:SourceIp': string | string[] } };
}

/** As IAM has it: a star is any text. */
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

/** What API Gateway does with a call: a denial that applies wins, and nothing is allowed that no statement allows. */
function isLetThrough(template: Template, path: string, address: string): boolean {
  const { Statement: statements } = api(template).Policy as { Statement: Statement[] };
  const applying = statements.filter(({ Resource, Condition }) => {
    const isForPath = [Resource].flat().some((resource) => isLike(resource, `execute-api:/prod/POST${path}`));
    const cidrs = Condition ? [Condition.NotIpAddress['aws:SourceIp']].flat() : [];
    return isForPath && (!Condition || !isWithin(cidrs, address));
  });
  const effects = applying.map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

describe('an allow-list', () => {
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
  ])('of a source is for its path alone: %s from %s: %s', (path, address, expected) => {
    expect(isLetThrough(template, path, address)).toBe(expected);
  });

  it('names nothing but calls, by anyone', () => {
    const { Statement: statements } = api(template).Policy as { Statement: Statement[] };
    expect(statements.map(({ Effect }) => Effect)).toEqual(['Allow', 'Deny', 'Deny']);
    for (const { Action, Principal } of statements) {
      expect({ Action, Principal }).toEqual({ Action: 'execute-api:Invoke', Principal: { AWS: '*' } });
    }
  });

  it('tells everyone else what it tells of a path that does not exist', () => {
    const [notFound] = answersOf(template, 'RESOURCE_NOT_FOUND');
    const [answer, ...others] = accessDenied(template);
    expect(others).toEqual([]);
    expect(answer?.Properties).toEqual({ ...notFound?.Properties, ResponseType: 'ACCESS_DENIED' });
    expect(answer?.Properties.StatusCode).toBe(String(PROBLEMS.not_found.status));
  });

  it('is left out, with its answer, where no source has one', () => {
    expect(api(open)).not.toHaveProperty('Policy');
    expect(accessDenied(open)).toEqual([]);
  });

  it('is deployed when it changes', () => {
    const restricted = (...allowedCidrs: string[]) =>
      deploymentId(bare({ partner: { ...generic, allowedCidrs }, 'partner-eu': generic }));
    const ids = [deploymentId(open), restricted('192.0.2.0/24'), restricted('192.0.2.0/25')];
    expect(new Set(ids).size).toBe(3);
    expect(restricted('192.0.2.0/24')).toBe(ids[1]);
  });

  it.each(['192.0.2.0/24', '192.0.2.7/32', '10.0.0.0/8', '2001:db8::/32', '2001:DB8::1/128', '::ffff:1.2.3.4/128'])(
    'may hold %s',
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
  ])('may not hold %j', (cidr) => {
    expect(refusal({ allowedCidrs: ['192.0.2.0/24', cidr] })).toThrow(
      new Error(
        'Source "partner": allowedCidrs must hold ranges such as "203.0.113.0/24" or "2001:db8::/32", ' +
          `not "${cidr}".`,
      ),
    );
  });

  it.each([
    [['192.0.2.7'], 'allowedCidrs holds the address "192.0.2.7"; write the range "192.0.2.7/32".'],
    [['2001:db8::1'], 'allowedCidrs holds the address "2001:db8::1"; write the range "2001:db8::1/128".'],
    [['0.0.0.0/0'], 'allowedCidrs holds "0.0.0.0/0", which is everyone; leave allowedCidrs out for that.'],
    [['::/0'], 'allowedCidrs holds "::/0", which is everyone; leave allowedCidrs out for that.'],
    [[], 'allowedCidrs is empty, so nobody could call it; leave it out to let everyone.'],
    ['192.0.2.0/24', 'allowedCidrs must be a list: ["203.0.113.0/24"], not "192.0.2.0/24".'],
  ])('may not be %j, and says what to write', (allowedCidrs, message) => {
    expect(refusal({ allowedCidrs: allowedCidrs as string[] })).toThrow(new Error(`Source "partner": ${message}`));
  });
});

describe('a throttle', () => {
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

  it('of a source is for each of its methods, and for no other source', () => {
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

  it('is a matter of the stage, which takes it at once, without a new deployment', () => {
    const throttled = bare({ partner: { ...generic, throttle }, 'partner-eu': generic });
    expect(settings(throttled)).not.toEqual(settings(open));
    expect(deploymentId(throttled)).toBe(deploymentId(open));
  });

  const wrong = [
    [{ rateLimit: 0, burstLimit: 1 }, 'rateLimit must be a number of requests a second, above 0, not 0.'],
    [{ rateLimit: Number.NaN, burstLimit: 1 }, 'rateLimit must be a number of requests a second, above 0, not NaN.'],
    [{ rateLimit: 1, burstLimit: 0 }, 'burstLimit must be a whole number of requests, 1 at least, not 0.'],
    [{ rateLimit: 1, burstLimit: 1.5 }, 'burstLimit must be a whole number of requests, 1 at least, not 1.5.'],
  ] as const;

  it.each(wrong)('may not be %j', (limits, message) => {
    expect(refusal({ throttle: limits })).toThrow(new Error(`Source "partner": throttle.${message}`));
    expect(() => inboxStack({ sources: { partner: generic }, throttle: limits })).toThrow(
      new Error(`throttle.${message}`),
    );
  });
});

describe('what the function is told of a source', () => {
  const sourcesIn = (sources: SourcesProps) => {
    const { Environment } = onlyResource(bare(sources), 'AWS::Lambda::Function').Properties;
    return JSON.parse((Environment as { Variables: { SOURCES: string } }).Variables.SOURCES);
  };

  it('is its retention, in seconds, and nothing of the edge', () => {
    const partner = {
      ...generic,
      maxBodyBytes: 1000,
      retention: Duration.days(2),
      throttle: { rateLimit: 1, burstLimit: 1 },
      allowedCidrs: ['192.0.2.0/24'],
    };
    expect(sourcesIn({ partner, other: generic })).toEqual({
      partner: { provider: 'generic', maxBodyBytes: 1000, retentionSeconds: 172_800 },
      other: { provider: 'generic' },
    });
  });

  it('keeps events for an hour at least', () => {
    expect(refusal({ retention: Duration.hours(1) })).not.toThrow();
    expect(refusal({ retention: Duration.minutes(59) })).toThrow(
      new Error('Source "partner": retention must be an hour at least, not 3540 seconds.'),
    );
  });
});

describe('reserved concurrency', () => {
  const lambda = (props?: Partial<WebhookInboxProps>) =>
    onlyResource(bare({ partner: generic }, props), 'AWS::Lambda::Function').Properties;

  it('is set aside where it is asked for', () => {
    expect(lambda({ reservedConcurrency: 20 }).ReservedConcurrentExecutions).toBe(20);
    expect(lambda()).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  it.each([0, -1, 1.5, Number.NaN])('may not be %d', (reservedConcurrency) => {
    expect(() => lambda({ reservedConcurrency })).toThrow(
      new Error(
        `reservedConcurrency must be a whole number, 1 at least, not ${reservedConcurrency}; leave it out for no limit.`,
      ),
    );
  });
});

describe('encryption key', () => {
  function keyed(forwarding: WebhookInboxProps['forwarding']) {
    const stack = new Stack(unbundledApp(), 'Hooks', { env: { region: 'eu-west-1', account: '111111111111' } });
    const encryptionKey = new Key(stack, 'Key');
    new WebhookInbox(stack, 'Inbox', {
      sources: { partner: generic },
      alarms: false,
      encryptionKey,
      ...(forwarding !== undefined && { forwarding }),
    });
    const template = Template.fromStack(stack);
    const key = { 'Fn::GetAtt': [onlyResource(template, 'AWS::KMS::Key').id, 'Arn'] };
    return { template, key };
  }

  /** Every statement on the use of a key that any role has. */
  function keyStatements(template: Template): unknown[] {
    const inline = resourcesOf(template, 'AWS::IAM::Role').flatMap(({ Properties }) => Properties.Policies ?? []);
    const attached = resourcesOf(template, 'AWS::IAM::Policy').map(({ Properties }) => Properties);
    const policies = [...inline, ...attached] as { PolicyDocument: { Statement: { Action: string | string[] }[] } }[];
    return policies
      .flatMap(({ PolicyDocument }) => PolicyDocument.Statement)
      .filter(({ Action }) => [Action].flat().some((action) => /^kms:|\*/.test(action)));
  }

  const use = (Action: string | string[], Resource: unknown) => ({
    Effect: 'Allow',
    Action,
    Resource,
    Condition: { StringEquals: { 'kms:ViaService': 'dynamodb.eu-west-1.amazonaws.com' } },
  });

  it('encrypts the table, and the receiver may use it through DynamoDB, for what writing takes', () => {
    const { template, key } = keyed(false);
    expect(onlyResource(template, 'AWS::DynamoDB::Table').Properties.SSESpecification).toEqual({
      SSEEnabled: true,
      SSEType: 'KMS',
      KMSMasterKeyId: key,
    });
    expect(keyStatements(template)).toEqual([use(['kms:Decrypt', 'kms:GenerateDataKey'], key)]);
  });

  it('is also used for reading the stream, where events are delivered', () => {
    const { template, key } = keyed({});
    const statements = keyStatements(template);
    expect(statements).toHaveLength(2);
    expect(statements).toContainEqual(use('kms:Decrypt', key));
  });

  it('gives no role anything where there is none', () => {
    expect(keyStatements(inboxTemplate({ sources: { partner: generic } }))).toEqual([]);
  });
});

const certificate = Certificate.fromCertificateArn(new Stack(), 'Certificate', 'arn:aws:acm:eu-west-1:1:certificate/c');
const stageOf = (template: Template) => onlyResource(template, 'AWS::ApiGateway::Stage');

const MODERN_TLS = { SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PQ_2025_09', EndpointAccessMode: 'STRICT' };

describe('a custom domain', () => {
  const ranges = ['203.0.113.0/24', '2001:db8::/32'];
  const sources = { partner: { ...generic, allowedCidrs: ranges }, twilio: { provider: 'twilio' } } as const;
  const whole = inboxTemplate(everyOption(sources));
  const domain = onlyResource(whole, 'AWS::ApiGateway::DomainName');
  const customDomain = { domainName: 'hooks.example.com', certificate };

  it('takes TLS 1.2 and newer, by IPv4 and IPv6, and is the only way to the stage', () => {
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

  it('leaves allow-lists as they are', () => {
    expect(api(whole).Policy).toEqual(api(bare(sources)).Policy);
    expect(isLetThrough(whole, '/webhooks/partner', '2001:db8::9')).toBe(true);
    expect(isLetThrough(whole, '/webhooks/partner', '2001:db9::9')).toBe(false);
  });

  it('has its records in the hosted zone, and then needs no output for them', () => {
    const AliasTarget = {
      DNSName: { 'Fn::GetAtt': [domain.id, 'RegionalDomainName'] },
      HostedZoneId: { 'Fn::GetAtt': [domain.id, 'RegionalHostedZoneId'] },
    };
    const record = (Type: string) => ({ Type, Name: 'hooks.example.com.', HostedZoneId: 'Z123', AliasTarget });
    const records = resourcesOf(whole, 'AWS::Route53::RecordSet').map(({ Properties }) => Properties);
    expect(records).toEqual([record('A'), record('AAAA')]);
    expect(whole.findOutputs('DnsTarget')).toEqual({});
  });

  it('has an output for them where it has no hosted zone', () => {
    const template = bare({ partner: generic }, { customDomain });
    const target = { 'Fn::GetAtt': [onlyResource(template, 'AWS::ApiGateway::DomainName').id, 'RegionalDomainName'] };
    expect(template.findOutputs('DnsTarget')).toEqual({
      DnsTarget: { Value: target, Description: expect.stringContaining('CNAME record of hooks.example.com') },
    });
    expect(resourcesOf(template, 'AWS::Route53::RecordSet')).toEqual([]);
    expect(open.findOutputs('DnsTarget')).toEqual({});
  });

  it('is in the URLs that providers are given, and in those that their signatures are checked with', () => {
    const template = bare(sources, { customDomain: { ...customDomain, ipv6: false } });
    const url = 'https://hooks.example.com/webhooks/twilio';
    expect(template.findOutputs('TwilioUrl').TwilioUrl?.Value).toBe(url);
    const { Environment } = onlyResource(template, 'AWS::Lambda::Function').Properties;
    const { Variables } = Environment as { Variables: NodeJS.ProcessEnv };
    expect(readConfig({ ...Variables, TABLE_NAME: 'events' }).sources.get('twilio')?.publicUrl).toBe(url);
  });

  it('may be without IPv6', () => {
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
  ])('may not be %j', (domainName) => {
    expect(() => bare({ partner: generic }, { customDomain: { domainName, certificate } })).toThrow(
      new Error(
        `customDomain.domainName must be a host name in lower case, such as "hooks.example.com", not "${domainName}".`,
      ),
    );
  });

  it('may not be outside of its hosted zone', () => {
    const hostedZone = HostedZone.fromHostedZoneAttributes(new Stack(), 'Z', {
      hostedZoneId: 'Z',
      zoneName: 's.example.com',
    });
    expect(() => bare({ partner: generic }, { customDomain: { ...customDomain, hostedZone } })).toThrow(
      new Error(
        'customDomain.domainName "hooks.example.com" is not in the hosted zone "s.example.com"; ' +
          'give the zone that it is in, or leave hostedZone out and make the DNS record yourself.',
      ),
    );
  });

  it('may not take IPv6 where an allow-list has none of it, since nobody would see why a provider is refused', () => {
    const restricted = { partner: generic, bank: { ...generic, allowedCidrs: ['203.0.113.0/24'] } };
    expect(() => bare(restricted, { customDomain })).toThrow(
      new Error(
        'Source "bank": allowedCidrs has no IPv6 range, but customDomain lets callers come by IPv6; ' +
          "add the provider's IPv6 ranges, or set customDomain.ipv6 to false.",
      ),
    );
    expect(() => bare(restricted, { customDomain: { ...customDomain, ipv6: false } })).not.toThrow();
  });
});

describe('a web ACL', () => {
  const filtered = bare({ partner: generic }, { waf: {} });
  const acl = onlyResource(filtered, 'AWS::WAFv2::WebACL');
  const { Rules: rules, CustomResponseBodies: bodies, VisibilityConfig: visibility } = acl.Properties;
  const [limit, common, ...others] = rules as Record<string, unknown>[];

  it('lets through what no rule blocks, and stands before the stage', () => {
    expect(acl.Properties).toMatchObject({ Scope: 'REGIONAL', DefaultAction: { Allow: {} } });
    expect(others).toEqual([]);
    const { ResourceArn, WebACLArn } = onlyResource(filtered, 'AWS::WAFv2::WebACLAssociation').Properties;
    expect(WebACLArn).toEqual({ 'Fn::GetAtt': [acl.id, 'Arn'] });
    const refs = { [onlyResource(filtered, 'AWS::ApiGateway::RestApi').id]: 'api', [stageOf(filtered).id]: 'prod' };
    expect(evaluated(ResourceArn, refs)).toBe(
      'arn:<AWS::Partition>:apigateway:<AWS::Region>::/restapis/api/stages/prod',
    );
  });

  it('asks an address that calls too often to come again, as API Gateway does when it throttles', () => {
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

  it("blocks by AWS's common rules, but for those that genuine webhooks match", () => {
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

  it('counts, and keeps no sample, in which there would be signatures and tokens', () => {
    const settings = [visibility, limit?.VisibilityConfig, common?.VisibilityConfig];
    for (const each of settings) {
      expect(each).toMatchObject({ CloudWatchMetricsEnabled: true, SampledRequestsEnabled: false });
    }
    expect(new Set(settings.map((each) => (each as { MetricName: string }).MetricName)).size).toBe(3);
    expect(resourcesOf(filtered, 'AWS::WAFv2::LoggingConfiguration')).toEqual([]);
  });

  it('tells whom it blocks what is told of a path that does not exist', () => {
    const [answer, ...more] = answersOf(filtered, 'WAF_FILTERED');
    expect(more).toEqual([]);
    expect(answer?.Properties).toEqual({
      ...answersOf(filtered, 'RESOURCE_NOT_FOUND')[0]?.Properties,
      ResponseType: 'WAF_FILTERED',
    });
  });

  it('is left out, with its answer, unless it is asked for', () => {
    for (const template of [open, bare({ partner: generic }, { waf: false })]) {
      expect(resourcesOf(template, 'AWS::WAFv2::WebACL')).toEqual([]);
      expect(answersOf(template, 'WAF_FILTERED')).toEqual([]);
    }
  });

  it.each([0, 9, 10.5, Number.NaN, 2_000_000_001])('may not let through %d requests of an address', (requests) => {
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

  it('are a line of JSON a request, with nothing secret, and nothing that a sender chose', () => {
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

  it('are kept for a month in a group of their own', () => {
    const group = groupOf(logged);
    expect(group).toMatchObject({ Properties: { RetentionInDays: 30 }, DeletionPolicy: 'Delete' });
    expect(settingOf(logged)?.DestinationArn).toEqual({ 'Fn::GetAtt': [group?.id, 'Arn'] });
  });

  it('begin once API Gateway has the role to write them', () => {
    expect(stageOf(logged).DependsOn).toContain(onlyResource(logged, 'AWS::ApiGateway::Account').id);
  });

  it('may be written with the role that the account has', () => {
    const template = bare({ partner: generic }, { accessLogs: { setAccountRole: false } });
    expect(settingOf(template)?.Format).toBe(settingOf(logged)?.Format);
    expect(groupOf(template)).toBeDefined();
  });

  it('are left out where they are not wanted', () => {
    expect(stageOf(open).Properties).not.toHaveProperty('AccessLogSetting');
    expect(groupOf(open)).toBeUndefined();
  });
});
