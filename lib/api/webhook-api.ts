import { RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  type CfnRestApi,
  EndpointType,
  LambdaIntegration,
  type MethodDeploymentOptions,
  MethodLoggingLevel,
  RestApi,
  type RestApiProps,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct, Node } from 'constructs';
import { providers } from '../../lambda/providers/index.ts';
import type { SourcesProps } from '../sources.ts';
import type { Throttle } from '../throttle.ts';
import { AccessLogs, type AccessLogsProps } from './access-logs.ts';
import { CustomDomain, type CustomDomainProps, publicUrlOf } from './custom-domain.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import { isRestricted, resourcePolicy } from './resource-policy.ts';
import { TLS } from './tls.ts';
import { type WafProps, WebAcl } from './web-acl.ts';

/** What the API serves. */
export interface WebhookApiProps {
  readonly sources: SourcesProps;
  readonly receiver: IFunction;
  readonly throttle: Throttle;
  /** @default no web ACL */
  readonly waf?: WafProps | false | undefined;
  /** In place of the API's own host name. @default the API's own */
  readonly customDomain?: CustomDomainProps | undefined;
  /** @default logs, and the role that API Gateway writes them with */
  readonly accessLogs?: AccessLogsProps | false | undefined;
}

const acknowledged = (rule: string, reason: string) => ({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });

/** What cdk-nag asks for, and why it is not so here. */
const ACKNOWLEDGED = [
  acknowledged('APIG2', 'A validator of the gateway would read the body before its signature is verified.'),
  acknowledged('APIG4', 'Providers cannot sign in: they sign each request, and the function verifies it.'),
  acknowledged('APIG6', 'Execution logs hold bodies and headers, which never belong in a log here.'),
  acknowledged('COG4', 'Providers are no users of a pool: they sign each request, and the function verifies it.'),
];
const WITHOUT_ACCESS_LOGS = acknowledged(
  'APIG1',
  'The access log was turned off; the function still writes one structured line a delivery.',
);
const WITHOUT_WAF = acknowledged(
  'APIG3',
  'Every request is verified by its signature; a web ACL costs more than it saves for most.',
);

const ACCOUNT_ROLE = acknowledged(
  'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
  'API Gateway has one role for the logs of all APIs in the account, and checks that it may do what this policy says.',
);

/** Of every method: how many requests there were and how they went, but nothing of what was in them. */
const METHOD_OPTIONS: MethodDeploymentOptions = {
  metricsEnabled: true,
  loggingLevel: MethodLoggingLevel.OFF,
  dataTraceEnabled: false,
};

/**
 * The REST API: `/webhooks/<source>` with the methods of the source's provider, by TLS 1.2 or newer, and nothing else.
 *
 * Where a source has `allowedCidrs`, the API's resource policy refuses everyone else at its path. They are answered 404
 * `not_found`, as on a path that does not exist: a stranger learns nothing. So is what a rule of the web ACL blocks.
 */
export class WebhookApi extends Construct {
  readonly api: RestApi;
  /** The URL of each source. */
  readonly urls: ReadonlyMap<string, string>;
  /** Where the DNS records of the custom domain must lead to; undefined where there is none. */
  readonly dnsTarget: string | undefined;

  constructor(scope: Construct, id: string, props: WebhookApiProps) {
    super(scope, id);
    const { sources, receiver, throttle, waf = false, customDomain, accessLogs = {} } = props;
    const { deployOptions, ...logging } = this.logging(accessLogs);
    this.api = new RestApi(this, 'Api', {
      restApiName: Node.of(this).path.replaceAll('/', '-'),
      description: 'Receives webhooks',
      endpointTypes: [EndpointType.REGIONAL],
      binaryMediaTypes: ['*/*'],
      deployOptions: {
        stageName: 'prod',
        ...METHOD_OPTIONS,
        throttlingRateLimit: throttle.rateLimit,
        throttlingBurstLimit: throttle.burstLimit,
        methodOptions: methodThrottles(sources),
        ...deployOptions,
      },
      policy: resourcePolicy(sources),
      ...logging,
      ...(customDomain && { disableExecuteApiEndpoint: true }),
    });
    this.api.node.tryRemoveChild('Endpoint');
    Object.assign(this.api.node.defaultChild as CfnRestApi, TLS);
    this.addRoutes(sources, receiver);
    addGatewayResponses(this.api, { isRestricted: isRestricted(sources), isFiltered: waf !== false });
    if (waf) new WebAcl(this, 'WebAcl', { ...waf, stage: this.api.deploymentStage });
    this.acknowledge({ waf, accessLogs });
    this.dnsTarget = customDomain && this.addDomain(customDomain).dnsTarget;
    this.urls = this.urlsOf(Object.keys(sources), customDomain);
  }

  /** The role outlives the stack: by then, other APIs of the account may write their logs with it. */
  private logging(accessLogs: AccessLogsProps | false): RestApiProps {
    if (accessLogs === false) return { cloudWatchRole: false };
    const { destination, format } = new AccessLogs(this, 'AccessLogs');
    const { setAccountRole = true } = accessLogs;
    return {
      cloudWatchRole: setAccountRole,
      ...(setAccountRole && { cloudWatchRoleRemovalPolicy: RemovalPolicy.RETAIN }),
      deployOptions: { accessLogDestination: destination, accessLogFormat: format },
    };
  }

  private acknowledge({ waf, accessLogs }: Pick<WebhookApiProps, 'waf' | 'accessLogs'>): void {
    const validations = Validations.of(this.api);
    validations.acknowledge(...ACKNOWLEDGED);
    if (!waf) validations.acknowledge(WITHOUT_WAF);
    if (accessLogs === false) validations.acknowledge(WITHOUT_ACCESS_LOGS);
    else if (accessLogs?.setAccountRole ?? true) validations.acknowledge(ACCOUNT_ROLE);
  }

  private addDomain(customDomain: CustomDomainProps): CustomDomain {
    return new CustomDomain(this, 'CustomDomain', { ...customDomain, api: this.api });
  }

  private urlsOf(names: readonly string[], customDomain: CustomDomainProps | undefined): Map<string, string> {
    const urlOf = (path: string) => (customDomain ? publicUrlOf(customDomain) + path : this.api.urlForPath(path));
    return new Map(names.map((name) => [name, urlOf(`/webhooks/${name}`)]));
  }

  private addRoutes(sources: WebhookApiProps['sources'], receiver: IFunction): void {
    const integration = new LambdaIntegration(receiver, { allowTestInvoke: false });
    const webhooks = this.api.root.addResource('webhooks');
    for (const [name, { provider }] of Object.entries(sources)) {
      const resource = webhooks.addResource(name);
      for (const method of providers[provider]().methods) resource.addMethod(method, integration);
    }
  }
}

/** The throttles of sources that have their own, by path and method. */
function methodThrottles(sources: SourcesProps): Record<string, MethodDeploymentOptions> {
  const entries = Object.entries(sources).flatMap(([name, { provider, throttle }]) => {
    if (!throttle) return [];
    const { rateLimit, burstLimit } = throttle;
    const options = { ...METHOD_OPTIONS, throttlingRateLimit: rateLimit, throttlingBurstLimit: burstLimit };
    return providers[provider]().methods.map((method) => [`/webhooks/${name}/${method}`, options] as const);
  });
  return Object.fromEntries(entries);
}
