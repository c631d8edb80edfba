import { describe, expect, it } from '@jest/globals';
import { PROBLEMS, type ProblemCode } from '../../../lambda/receiver/problem.ts';
import type { SourcesProps } from '../../../lib/sources.ts';
import { eventJson, signed } from '../../support/generic-event.ts';
import { startInbox } from '../../support/inbox.ts';
import { evaluated, inboxTemplate, onlyResource, type Resource, resourceNamed, resourcesOf } from '../synthesis.ts';

const generic = { provider: 'generic' } as const;
const sources = { partner: generic, 'partner-eu': generic };
const template = inboxTemplate({ sources, forwarding: false });
const api = onlyResource(template, 'AWS::ApiGateway::RestApi');
const stage = onlyResource(template, 'AWS::ApiGateway::Stage');
const deployment = onlyResource(template, 'AWS::ApiGateway::Deployment');
const receiver = resourceNamed(template, 'AWS::Lambda::Function', 'Receiver');
const methods = resourcesOf(template, 'AWS::ApiGateway::Method');
const paths = resourcesOf(template, 'AWS::ApiGateway::Resource');

/** The routes of an inbox: method and path. */
function routesOf(props: SourcesProps): string[] {
  const built = inboxTemplate({ sources: props, forwarding: false, alarms: false });
  const resources = resourcesOf(built, 'AWS::ApiGateway::Resource');
  const partOf = (ref: unknown) => resources.find(({ id }) => id === (ref as { Ref: string }).Ref)?.Properties.PathPart;
  return resourcesOf(built, 'AWS::ApiGateway::Method').map(
    ({ Properties: { HttpMethod, ResourceId } }) => `${HttpMethod} /webhooks/${partOf(ResourceId)}`,
  );
}
const permissions = resourcesOf(template, 'AWS::Lambda::Permission');
const answers = resourcesOf(template, 'AWS::ApiGateway::GatewayResponse');

const receiverArn = { 'Fn::GetAtt': [receiver.id, 'Arn'] };

/** The path of a resource, from the root. */
function pathOf({ Properties: { PathPart, ParentId } }: Resource): string {
  const parent = paths.find(({ id }) => id === (ParentId as { Ref?: string }).Ref);
  if (!parent) expect(ParentId).toEqual({ 'Fn::GetAtt': [api.id, 'RootResourceId'] });
  return `${parent ? pathOf(parent) : ''}/${PathPart}`;
}

function routeOf({ Properties: { HttpMethod, ResourceId } }: Resource): string {
  const path = paths.find(({ id }) => id === (ResourceId as { Ref?: string }).Ref);
  return `${HttpMethod} ${path ? pathOf(path) : '/'}`;
}

describe('REST API', () => {
  it('is regional and passes every body on as bytes', () => {
    expect(api.Properties).toEqual({
      Name: expect.stringMatching(/^Hooks-Inbox-Gateway-[0-9A-F]{8}$/),
      Description: expect.any(String),
      EndpointConfiguration: { Types: ['REGIONAL'] },
      SecurityPolicy: 'SecurityPolicy_TLS13_1_2_PQ_2025_09',
      EndpointAccessMode: 'STRICT',
      BinaryMediaTypes: ['*/*'],
    });
  });

  it('serves all sources by one resource, and no other route', () => {
    expect(methods.map(routeOf)).toEqual(['POST /webhooks/{source}']);
    expect(paths.map(pathOf)).toEqual(['/webhooks', '/webhooks/{source}']);
  });

  it('serves every method of the providers that share the resource', () => {
    const meta = { provider: 'meta', settings: { verifyToken: 'a-verify-token' } } as const;
    expect(routesOf({ partner: generic, meta })).toEqual(['POST /webhooks/{source}', 'GET /webhooks/{source}']);
  });

  it('has a resource for each source with a throttle or an allow-list, with the methods of its provider', () => {
    const meta = { provider: 'meta', settings: { verifyToken: 'a-verify-token' } } as const;
    const allowed = { ...meta, allowedCidrs: ['192.0.2.0/24'] };
    const throttled = { ...generic, throttle: { rateLimit: 1, burstLimit: 1 } };
    expect(routesOf({ partner: generic, allowed, throttled })).toEqual([
      'POST /webhooks/{source}',
      'GET /webhooks/allowed',
      'POST /webhooks/allowed',
      'POST /webhooks/throttled',
    ]);
    expect(routesOf({ throttled })).toEqual(['POST /webhooks/throttled']);
  });

  it('passes every request on to the function unchanged', () => {
    for (const { Properties } of methods) {
      expect(Properties).toEqual({
        RestApiId: { Ref: api.id },
        ResourceId: { Ref: expect.any(String) },
        HttpMethod: 'POST',
        AuthorizationType: 'NONE',
        Integration: {
          Type: 'AWS_PROXY',
          IntegrationHttpMethod: 'POST',
          Uri: {
            'Fn::Join': [
              '',
              [
                'arn:',
                { Ref: 'AWS::Partition' },
                ':apigateway:',
                { Ref: 'AWS::Region' },
                ':lambda:path/2015-03-31/functions/',
                receiverArn,
                '/invocations',
              ],
            ],
          },
        },
      });
    }
  });

  it('may call the function only from the webhooks of this stage, by one permission for all of them', () => {
    const called = permissions.map(({ Properties: { SourceArn, ...rest } }) => {
      expect(rest).toEqual({
        Action: 'lambda:InvokeFunction',
        FunctionName: receiverArn,
        Principal: 'apigateway.amazonaws.com',
      });
      return evaluated(SourceArn, { [api.id]: 'api', [stage.id]: 'prod' });
    });
    expect(called).toEqual(['arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:api/prod/*/webhooks/*']);
  });
});

describe('stage of the API', () => {
  it('has another name with stageName, and so have the URLs and the permission to call the function', () => {
    const built = inboxTemplate({ sources: { partner: generic }, stageName: 'v1_eu-2' });
    const { id, Properties } = onlyResource(built, 'AWS::ApiGateway::Stage');
    expect(Properties.StageName).toBe('v1_eu-2');
    expect(JSON.stringify(onlyResource(built, 'AWS::Lambda::Permission').Properties.SourceArn)).toContain(
      `{"Ref":"${id}"}`,
    );
    expect(JSON.stringify(built.findOutputs('PartnerUrl'))).toContain(`{"Ref":"${id}"},"/webhooks/`);
    expect(JSON.stringify(built.toJSON())).not.toContain('"prod"');
  });

  it.each(['', 'v1/eu', 'v1.eu', 'a'.repeat(129)])('is not made with the name "%s"', (stageName) => {
    expect(() => inboxTemplate({ sources: { partner: generic }, stageName })).toThrow(
      'stageName must have letters, digits, hyphens and underscores only',
    );
  });

  const stageOf = (rateLimit: number, burstLimit: number) => ({
    StageName: 'prod',
    RestApiId: { Ref: expect.any(String) },
    DeploymentId: { Ref: expect.any(String) },
    MethodSettings: [
      {
        HttpMethod: '*',
        ResourcePath: '/*',
        ThrottlingRateLimit: rateLimit,
        ThrottlingBurstLimit: burstLimit,
        MetricsEnabled: true,
        LoggingLevel: 'OFF',
        DataTraceEnabled: false,
      },
    ],
    AccessLogSetting: { DestinationArn: expect.anything(), Format: expect.any(String) },
  });

  it('allows 100 requests per second and bursts of 200, has metrics per method and logs no body', () => {
    expect(stage.Properties).toEqual(stageOf(100, 200));
    expect(stage.Properties.DeploymentId).toEqual({ Ref: deployment.id });
  });

  it('has the limits of the throttle of the inbox', () => {
    const throttled = inboxTemplate({ sources, forwarding: false, throttle: { rateLimit: 5, burstLimit: 10 } });
    expect(onlyResource(throttled, 'AWS::ApiGateway::Stage').Properties).toEqual(stageOf(5, 10));
  });

  it('is deployed after every route and gateway response, and again when one of them changes', () => {
    const ids = [...methods, ...paths, ...answers].map(({ id }) => id).sort();
    expect([...(deployment.DependsOn as string[])].sort()).toEqual(ids);
    const throttle = { rateLimit: 1, burstLimit: 1 };
    const other = inboxTemplate({ sources: { ...sources, partner: { ...generic, throttle } } });
    expect(onlyResource(other, 'AWS::ApiGateway::Deployment').id).not.toBe(deployment.id);
  });

  it('is not deployed again when a source is added that shares the resource of the others', () => {
    const other = inboxTemplate({ sources: { ...sources, 'partner-us': generic } });
    expect(onlyResource(other, 'AWS::ApiGateway::Deployment').id).toBe(deployment.id);
  });
});

describe('gateway responses', () => {
  const expected: Record<string, ProblemCode> = {
    DEFAULT_5XX: 'internal_error',
    MISSING_AUTHENTICATION_TOKEN: 'not_found',
    REQUEST_TOO_LARGE: 'payload_too_large',
    RESOURCE_NOT_FOUND: 'not_found',
  };

  it('are defined for 5xx, unknown paths and too large bodies only', () => {
    expect(answers.map(({ Properties }) => Properties.ResponseType).sort()).toEqual(Object.keys(expected));
  });

  it('are the response of the receiver to an unknown name and to another method: its status, type and body', async () => {
    await using inbox = await startInbox();
    const [unknown, otherMethod] = [
      await inbox.post(signed(eventJson()), '/webhooks/nobody'),
      await inbox.post({ ...signed(eventJson()), method: 'PUT' }),
    ];
    const { Properties } = answers.find(({ Properties: each }) => each.ResponseType === 'RESOURCE_NOT_FOUND') ?? {};
    const { 'application/json': body = '' } = (Properties?.ResponseTemplates ?? {}) as Record<string, string>;
    const header = 'gatewayresponse.header.Content-Type';
    const parameters = Properties?.ResponseParameters as Record<string, string> | undefined;
    expect(Object.keys(parameters ?? {})).toEqual([header]);
    for (const { status, headers, text } of [unknown, otherMethod]) {
      expect(String(status)).toBe(Properties?.StatusCode);
      expect(`'${headers['content-type']}'`).toBe(parameters?.[header]);
      expect(text).toBe(body.replace('$context.requestId', String(headers['x-amzn-requestid'])));
    }
  });

  it.each(Object.entries(expected))('answer %s with the same problem details as the receiver: %s', (type, code) => {
    const answer = answers.find(({ Properties }) => Properties.ResponseType === type);
    const { ResponseTemplates, ...properties } = answer?.Properties ?? {};
    const { status, title } = PROBLEMS[code];
    expect(properties).toEqual({
      RestApiId: { Ref: api.id },
      ResponseType: type,
      StatusCode: String(status),
      ResponseParameters: { 'gatewayresponse.header.Content-Type': "'application/problem+json'" },
    });
    const templates = ResponseTemplates as Record<string, string>;
    expect(Object.keys(templates)).toEqual(['application/json']);
    const body = templates['application/json']?.replace('$context.requestId', 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef');
    expect(JSON.parse(body ?? '')).toEqual({
      type: `urn:webhook-inbox:problem:${code}`,
      title,
      status,
      code,
      request_id: 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef',
    });
  });
});
