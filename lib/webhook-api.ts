import { Validations } from 'aws-cdk-lib';
import { EndpointType, LambdaIntegration, ResponseType, RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct, Node } from 'constructs';
import { PROBLEMS, type ProblemCode } from '../lambda/middleware/problem.ts';
import { providers } from '../lambda/providers/index.ts';
import type { SourcesProps } from './sources.ts';

/** How many requests the API lets through, all sources together. */
export interface Throttle {
  /** A second, steadily. */
  readonly rateLimit: number;
  /** At once. */
  readonly burstLimit: number;
}

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

/** The REST API: `/webhooks/<source>` with the methods of the source's provider, and nothing else. */
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
      },
    });
    this.api.node.tryRemoveChild('Endpoint');
    this.addRoutes(sources, receiver);
    this.answerProblems();
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
  private answerProblems(): void {
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
  }
}

function problemTemplate(code: ProblemCode): string {
  const { title, status } = PROBLEMS[code];
  const problem = { type: `urn:webhook-inbox:problem:${code}`, title, status, code, request_id: '$context.requestId' };
  return JSON.stringify(problem);
}
