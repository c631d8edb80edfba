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
import type { SourcesProps, Throttle } from '../sources.ts';
import { AccessLogs, type AccessLogsProps } from './access-logs.ts';
import { CustomDomain, type CustomDomainProps, publicUrlOf } from './custom-domain.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import { hasAllowList, resourcePolicy } from './resource-policy.ts';
import { TLS } from './tls.ts';
import { type WafProps, WebAcl } from './web-acl.ts';

/** Options of the API. */
export interface WebhookApiProps {
  readonly sources: SourcesProps;
  readonly receiver: IFunction;
  /** Request limits of sources without a throttle. */
  readonly throttle: Throttle;
  /** @default - no web ACL */
  readonly waf?: WafProps | false | undefined;
  /** @default - the host name that API Gateway assigns */
  readonly customDomain?: CustomDomainProps | undefined;
  /** @default - an access log, and the account's role for writing it */
  readonly accessLogs?: AccessLogsProps | false | undefined;
}

const acknowledged = (rule: string, reason: string) => ({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });

/** Findings of cdk-nag that hold on purpose. */
const ACKNOWLEDGED = [
  acknowledged('APIG2', 'Request validation in API Gateway would read the body before its signature is verified.'),
  acknowledged('APIG4', 'Providers cannot sign in. They sign each request, and the function verifies the signature.'),
  acknowledged('APIG6', 'Execution logs have bodies and headers, which must not be logged.'),
  acknowledged('COG4', 'Providers are not users of a pool. They sign each request, and the function verifies it.'),
];
const WITHOUT_ACCESS_LOGS = acknowledged(
  'APIG1',
  'The access log was disabled. The function still logs one structured line per delivery.',
);
const WITHOUT_WAF = acknowledged(
  'APIG3',
  'Every request is verified by its signature. For most inboxes, a web ACL costs more than it saves.',
);

const ACCOUNT_ROLE = acknowledged(
  'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
  'API Gateway writes the logs of all APIs in the account with one role, and requires the permissions of this policy.',
);

/** Metrics per method: the number of requests and their outcomes, but nothing from their content. */
const METHOD_OPTIONS: MethodDeploymentOptions = {
  metricsEnabled: true,
  loggingLevel: MethodLoggingLevel.OFF,
  dataTraceEnabled: false,
};

/**
 * The REST API. It serves `/webhooks/<source>` with the methods of the source's provider, by TLS 1.2 or newer, and
 * nothing else.
 *
 * Requests that the resource policy or a common rule of the web ACL rejects are answered 404 `not_found`, like requests
 * to a path that does not exist, so that strangers cannot tell which sources exist.
 */
export class WebhookApi extends Construct {
  readonly api: RestApi;
  /** Webhook URLs by source name. */
  readonly urls: ReadonlyMap<string, string>;
  /** Target of the custom domain's DNS records; `undefined` without a custom domain. */
  readonly dnsTarget: string | undefined;

  constructor(scope: Construct, id: string, props: WebhookApiProps) {
    super(scope, id);
    const { sources, receiver, throttle, waf = false, customDomain, accessLogs = {} } = props;
    const { deployOptions, ...logging } = this.addAccessLogs(accessLogs);
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
    addGatewayResponses(this.api, { hasAllowList: hasAllowList(sources), hasWebAcl: waf !== false });
    if (waf) new WebAcl(this, 'WebAcl', { ...waf, stage: this.api.deploymentStage });
    this.acknowledge({ waf, accessLogs });
    this.dnsTarget = customDomain && this.addDomain(customDomain).dnsTarget;
    this.urls = this.urlsOf(Object.keys(sources), customDomain);
  }

  /** The role outlives the stack, as other APIs of the account may write their logs with it. */
  private addAccessLogs(accessLogs: AccessLogsProps | false): RestApiProps {
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

/** Method options of the sources that have a throttle, by path and method. */
function methodThrottles(sources: SourcesProps): Record<string, MethodDeploymentOptions> {
  const entries = Object.entries(sources).flatMap(([name, { provider, throttle }]) => {
    if (!throttle) return [];
    const { rateLimit, burstLimit } = throttle;
    const options = { ...METHOD_OPTIONS, throttlingRateLimit: rateLimit, throttlingBurstLimit: burstLimit };
    return providers[provider]().methods.map((method) => [`/webhooks/${name}/${method}`, options] as const);
  });
  return Object.fromEntries(entries);
}
