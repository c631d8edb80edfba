import { Validations } from 'aws-cdk-lib';
import {
  EndpointType,
  LambdaIntegration,
  type MethodDeploymentOptions,
  ResponseType,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct, Node } from 'constructs';
import { PROBLEMS, type ProblemCode } from '../lambda/middleware/problem.ts';
import { providers } from '../lambda/providers/index.ts';
import type { SourcesProps } from './sources.ts';
import type { Throttle } from './throttle.ts';

/** What the API serves. */
export interface WebhookApiProps {
  readonly sources: SourcesProps;
  readonly receiver: IFunction;
  readonly throttle: Throttle;
}

const acknowledged = (rule: string, reason: string) => ({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });

/** What cdk-nag asks for, and why it is not so here. */
const ACKNOWLEDGED = [
  acknowledged(
    'APIG1',
    'The function writes one structured line a delivery; an access log needs an account-wide role.',
  ),
  acknowledged('APIG2', 'A validator of the gateway would read the body before its signature is verified.'),
  acknowledged('APIG3', 'Every request is verified by its signature; a web ACL costs more than it saves for most.'),
  acknowledged('APIG4', 'Providers cannot sign in: they sign each request, and the function verifies it.'),
  acknowledged('APIG6', 'Execution logs hold bodies and headers, which never belong in a log here.'),
  acknowledged('COG4', 'Providers are no users of a pool: they sign each request, and the function verifies it.'),
];

/**
 * The REST API: `/webhooks/<source>` with the methods of the source's provider, and nothing else. It is regional, and so
 * takes TLS 1.2 and 1.3 alone.
 *
 * Where a source has `allowedCidrs`, the API's resource policy refuses everyone else at its path. They are answered 404
 * `not_found`, as on a path that does not exist: a stranger learns nothing.
 */
export class WebhookApi extends Construct {
  readonly api: RestApi;
  /** The URL of each source. */
  readonly urls: ReadonlyMap<string, string>;

  constructor(scope: Construct, id: string, { sources, receiver, throttle }: WebhookApiProps) {
    super(scope, id);
    this.api = new RestApi(this, 'Api', {
      restApiName: Node.of(this).path.replaceAll('/', '-'),
      description: 'Receives webhooks',
      endpointTypes: [EndpointType.REGIONAL],
      binaryMediaTypes: ['*/*'],
      cloudWatchRole: false,
      deployOptions: {
        stageName: 'prod',
        throttlingRateLimit: throttle.rateLimit,
        throttlingBurstLimit: throttle.burstLimit,
        methodOptions: methodThrottles(sources),
      },
      policy: callersPolicy(sources),
    });
    this.api.node.tryRemoveChild('Endpoint');
    this.addRoutes(sources, receiver);
    this.answerProblems(isRestricted(sources));
    Validations.of(this.api).acknowledge(...ACKNOWLEDGED);
    const names = Object.keys(sources);
    this.urls = new Map(names.map((name) => [name, this.api.urlForPath(`/webhooks/${name}`)]));
  }

  private addRoutes(sources: WebhookApiProps['sources'], receiver: IFunction): void {
    const integration = new LambdaIntegration(receiver, { allowTestInvoke: false });
    const webhooks = this.api.root.addResource('webhooks');
    for (const [name, { provider }] of Object.entries(sources)) {
      const resource = webhooks.addResource(name);
      for (const method of providers[provider]().methods) resource.addMethod(method, integration);
    }
  }

  /** The gateway's own refusals, in the words of the function's. */
  private answerProblems(isRestricted: boolean): void {
    const answer = (type: ResponseType, code: ProblemCode) =>
      this.api.addGatewayResponse(type.responseType, {
        type,
        statusCode: String(PROBLEMS[code].status),
        responseHeaders: { 'Content-Type': "'application/problem+json'" },
        templates: { 'application/json': problemTemplate(code) },
      });
    answer(ResponseType.MISSING_AUTHENTICATION_TOKEN, 'not_found');
    answer(ResponseType.RESOURCE_NOT_FOUND, 'not_found');
    answer(ResponseType.REQUEST_TOO_LARGE, 'payload_too_large');
    answer(ResponseType.DEFAULT_5XX, 'internal_error');
    if (isRestricted) answer(ResponseType.ACCESS_DENIED, 'not_found');
  }
}

/** The throttles of sources that have their own, by path and method. */
function methodThrottles(sources: SourcesProps): Record<string, MethodDeploymentOptions> {
  const entries = Object.entries(sources).flatMap(([name, { provider, throttle }]) => {
    if (!throttle) return [];
    const options = { throttlingRateLimit: throttle.rateLimit, throttlingBurstLimit: throttle.burstLimit };
    return providers[provider]().methods.map((method) => [`/webhooks/${name}/${method}`, options] as const);
  });
  return Object.fromEntries(entries);
}

function isRestricted(sources: SourcesProps): boolean {
  return Object.values(sources).some(({ allowedCidrs }) => allowedCidrs);
}

/**
 * Lets everyone call everything, but for the paths of sources with an allow-list; undefined, which is the same, where
 * no source has one. A path stands there with a slash behind it too, since API Gateway may take that for the same.
 */
function callersPolicy(sources: SourcesProps): PolicyDocument | undefined {
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

function problemTemplate(code: ProblemCode): string {
  const { title, status } = PROBLEMS[code];
  const problem = { type: `urn:webhook-inbox:problem:${code}`, title, status, code, request_id: '$context.requestId' };
  return JSON.stringify(problem);
}
