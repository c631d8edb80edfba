import { Names, Token } from 'aws-cdk-lib';
import {
  AwsIntegration,
  type CfnRestApi,
  EndpointType,
  type MethodDeploymentOptions,
  MethodLoggingLevel,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type AcknowledgedFinding, acknowledge } from '../acknowledge.ts';
import type { LogGroupProps } from '../log-group.ts';
import type { InboxProviders } from '../providers/inbox-providers.ts';
import { sourceProvider } from '../source-provider.ts';
import { hasOwnResource, type SourceProps, type SourcesProps, type Throttle } from '../sources.ts';
import { AccessLogs, type AccessLogsProps } from './access-logs.ts';
import { accountRoleFor } from './account-role.ts';
import { CustomDomain, type CustomDomainProps, publicUrlOf } from './custom-domain.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import { hasAllowList, resourcePolicy } from './resource-policy.ts';
import { TLS } from './tls.ts';
import { type WafProps, WebAcl } from './web-acl.ts';

/** Options of the API. */
export interface WebhookApiProps extends LogGroupProps {
  readonly sources: SourcesProps<string>;
  readonly providers: InboxProviders;
  readonly receiver: IFunction;
  readonly stageName: string;
  /** Request limits of sources without a throttle, of which those without an allow-list share them. */
  readonly throttle: Throttle;
  /** @default - no web ACL */
  readonly waf?: WafProps | false | undefined;
  /** @default - the host name that API Gateway assigns */
  readonly customDomain?: CustomDomainProps | undefined;
  /** @default - an access log, and the account's role for writing it */
  readonly accessLogs?: AccessLogsProps | false | undefined;
}

/**
 * Validates the name of the API's stage.
 * @returns what is wrong, or `undefined`
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_CreateStage.html
 */
export function validateStageName(stageName: string): string | undefined {
  if (Token.isUnresolved(stageName) || /^[\w-]{1,128}$/.test(stageName)) return undefined;
  return `stageName must have letters, digits, hyphens and underscores only, at most 128, not "${stageName}".`;
}

/** Findings of cdk-nag that hold on purpose. */
const ACKNOWLEDGED: readonly AcknowledgedFinding[] = [
  { rule: 'APIG2', reason: 'Request validation in API Gateway would read the body before its signature is verified.' },
  {
    rule: 'APIG4',
    reason: 'Providers cannot sign in. They sign each request, and the function verifies the signature.',
  },
  { rule: 'APIG6', reason: 'Execution logs have bodies and headers, which must not be logged.' },
  { rule: 'COG4', reason: 'Providers are not users of a pool. They sign each request, and the function verifies it.' },
];
const WITHOUT_ACCESS_LOGS: AcknowledgedFinding = {
  rule: 'APIG1',
  reason: 'The access log was disabled. The function still logs one structured line per delivery.',
};
const WITHOUT_WAF: AcknowledgedFinding = {
  rule: 'APIG3',
  reason: 'Every request is verified by its signature. For most inboxes, a web ACL costs more than it saves.',
};

/** Metrics per method: the number of requests and their outcomes, but nothing from their content. */
const METHOD_OPTIONS: MethodDeploymentOptions = {
  metricsEnabled: true,
  loggingLevel: MethodLoggingLevel.OFF,
  dataTraceEnabled: false,
};

/**
 * The REST API. It serves `/webhooks/<source>` by TLS 1.2 or newer, and nothing else. A source with a throttle or an
 * allow-list has a resource to itself; one resource, `/webhooks/{source}`, serves all others with the methods of their
 * providers, and the function answers 404 to other names and methods.
 *
 * Requests that the resource policy or a common rule of the web ACL rejects are answered 404 `not_found` with the same
 * body, like requests to a path that does not exist, so that strangers cannot tell from it which sources exist.
 */
export class WebhookApi extends Construct {
  readonly api: RestApi;
  /** URL of every source, up to its name: it ends with `/webhooks/`. */
  readonly urlPrefix: string;
  /** Webhook URLs by source name. */
  readonly urls: ReadonlyMap<string, string>;
  /** Target of the custom domain's DNS records; `undefined` without a custom domain. */
  readonly dnsTarget: string | undefined;
  /** Log group of the access log; `undefined` without one. */
  readonly accessLogGroup: LogGroup | undefined;

  constructor(scope: Construct, id: string, props: WebhookApiProps) {
    super(scope, id);
    const { sources, stageName, throttle, waf = false, customDomain, accessLogs = {} } = props;
    const logs = accessLogs === false ? undefined : new AccessLogs(this, 'AccessLogs', props);
    this.accessLogGroup = logs?.logGroup;
    this.api = new RestApi(this, 'Api', {
      // A dimension of API Gateway's metrics, so it must be unique in the account and region.
      restApiName: Names.uniqueResourceName(this, { separator: '-' }),
      description: 'Receives webhooks',
      endpointTypes: [EndpointType.REGIONAL],
      binaryMediaTypes: ['*/*'],
      deployOptions: {
        stageName,
        ...METHOD_OPTIONS,
        throttlingRateLimit: throttle.rateLimit,
        throttlingBurstLimit: throttle.burstLimit,
        methodOptions: methodThrottles(props),
        ...(logs && { accessLogDestination: logs.destination, accessLogFormat: logs.format }),
      },
      policy: resourcePolicy(sources),
      cloudWatchRole: false,
      ...(customDomain && { disableExecuteApiEndpoint: true }),
    });
    this.api.node.tryRemoveChild('Endpoint');
    Object.assign(this.api.node.defaultChild as CfnRestApi, TLS);
    if (accessLogs && accessLogs.setAccountRole !== false) {
      this.api.deploymentStage.node.addDependency(accountRoleFor(this));
    }
    this.addRoutes(props);
    addGatewayResponses(this.api, { hasAllowList: hasAllowList(sources), hasWebAcl: waf !== false });
    if (waf) new WebAcl(this, 'WebAcl', { ...waf, stage: this.api.deploymentStage });
    this.acknowledgeFindings({ waf, accessLogs });
    this.dnsTarget = customDomain && this.addDomain(customDomain).dnsTarget;
    this.urlPrefix = customDomain ? `${publicUrlOf(customDomain)}/webhooks/` : this.api.urlForPath('/webhooks/');
    this.urls = new Map(Object.keys(sources).map((name) => [name, `${this.urlPrefix}${name}`]));
  }

  private acknowledgeFindings({ waf, accessLogs }: Pick<WebhookApiProps, 'waf' | 'accessLogs'>): void {
    acknowledge(this.api, ...ACKNOWLEDGED);
    if (!waf) acknowledge(this.api, WITHOUT_WAF);
    if (accessLogs === false) acknowledge(this.api, WITHOUT_ACCESS_LOGS);
  }

  private addDomain(customDomain: CustomDomainProps): CustomDomain {
    return new CustomDomain(this, 'CustomDomain', { ...customDomain, api: this.api });
  }

  /**
   * The API has one permission to call the function. `LambdaIntegration` would add one per method, and Lambda's resource
   * policy has room for fewer than 50.
   */
  private addRoutes(props: WebhookApiProps): void {
    const { receiver } = props;
    const path = `2015-03-31/functions/${receiver.functionArn}/invocations`;
    const integration = new AwsIntegration({ proxy: true, service: 'lambda', path });
    receiver.addPermission('Invoke', {
      scope: this,
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: this.api.arnForExecuteApi('*', '/webhooks/*', this.api.deploymentStage.stageName),
    });
    const webhooks = this.api.root.addResource('webhooks');
    for (const [path, methods] of Object.entries(routesOf(props))) {
      const resource = webhooks.addResource(path);
      for (const method of methods) resource.addMethod(method, integration);
    }
  }
}

/** The path of the sources that share a resource. */
const SHARED_PATH = '{source}';

/** HTTP methods by path below `/webhooks`. */
function routesOf({ sources, providers }: WebhookApiProps): Record<string, readonly string[]> {
  const methodsOf = (source: SourceProps<string>) => sourceProvider(providers, source).methods;
  const entries = Object.entries(sources);
  const own = entries.filter(([, source]) => hasOwnResource(source)).map(([name, source]) => [name, methodsOf(source)]);
  const shared = entries.filter(([, source]) => !hasOwnResource(source)).flatMap(([, source]) => methodsOf(source));
  return {
    ...(shared.length > 0 && { [SHARED_PATH]: [...new Set(shared)] }),
    ...Object.fromEntries(own),
  };
}

/** Method options of the sources that have a throttle, by path and method. */
function methodThrottles({ sources, providers }: WebhookApiProps): Record<string, MethodDeploymentOptions> {
  const entries = Object.entries(sources).flatMap(([name, source]) => {
    if (!source.throttle) return [];
    const { rateLimit, burstLimit } = source.throttle;
    const options = { ...METHOD_OPTIONS, throttlingRateLimit: rateLimit, throttlingBurstLimit: burstLimit };
    return sourceProvider(providers, source).methods.map((method) => [`/webhooks/${name}/${method}`, options] as const);
  });
  return Object.fromEntries(entries);
}
