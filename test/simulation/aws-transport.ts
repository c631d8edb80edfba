import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import type { ExecutionEnvironment } from './execution-environment.ts';
import type { Network, Refusal } from './network.ts';
import type { ServiceName } from './outages.ts';

/** A call of an AWS client, as the service gets it. */
export interface AwsCall {
  /** Such as `PutItem`. */
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
  /** 1 for the first attempt of the client. */
  readonly attempt: number;
  readonly caller: ExecutionEnvironment | undefined;
}

/** What a service answers; an error has `__type`, as in AWS's JSON protocols. */
export type AwsAnswer = Readonly<Record<string, unknown>>;

/** A service of AWS that speaks JSON. */
export interface AwsService {
  readonly name: ServiceName;
  readonly answer: (call: AwsCall) => AwsAnswer;
}

/** The part of an HTTP request that a client's handler reads. */
interface ClientRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Takes the place of `NodeHttpHandler` in an AWS client. */
export type ClientTransport = NonNullable<DynamoDBClientConfig['requestHandler']>;

/**
 * Opens a client's way to AWS.
 * @param route finds the service of a call
 * @param timeoutMs how long the client waits for an answer
 */
export function awsTransport(
  network: Network,
  route: (call: Omit<AwsCall, 'caller'>) => AwsService,
  timeoutMs: number,
): ClientTransport {
  const handler = {
    async handle({ headers, body }: ClientRequest, { abortSignal }: { readonly abortSignal?: AbortSignal } = {}) {
      const operation = headers['x-amz-target']?.split('.').at(-1) ?? '';
      const input = JSON.parse(new TextDecoder().decode(body as Uint8Array));
      const attempt = Number(/attempt=(\d+)/.exec(headers['amz-sdk-request'] ?? '')?.[1] ?? 1);
      const service = route({ operation, input, attempt });
      const answer = await network.exchange<AwsAnswer>({
        service: service.name,
        serve: (caller) => service.answer({ operation, input, attempt, caller }),
        refuse: (refusal) => REFUSALS[refusal],
        signal: abortSignal,
        timeoutMs,
      });
      return { response: toResponse(answer) };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  };
  return handler as unknown as ClientTransport;
}

const REFUSALS: Readonly<Record<Refusal, AwsAnswer>> = {
  broken: { __type: 'InternalServerError', message: 'broken', status: 500 },
  unavailable: { __type: 'ServiceUnavailable', message: 'unavailable', status: 503 },
  throttling: { __type: 'ThrottlingException', message: 'throttled' },
  denying: { __type: 'AccessDeniedException', message: 'denied' },
};

function toResponse({ status, ...answer }: AwsAnswer) {
  const failed = '__type' in answer ? 400 : 200;
  return {
    statusCode: typeof status === 'number' ? status : failed,
    headers: { 'content-type': 'application/x-amz-json-1.0' },
    body: Buffer.from(JSON.stringify(answer)),
  };
}
