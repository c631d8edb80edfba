import { describe, expect, it } from '@jest/globals';
import { PROBLEMS, type ProblemCode } from '../../../lambda/receiver/problem.ts';
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

  it('serves POST /webhooks/<source> for each source, and no other route', () => {
    expect(methods.map(routeOf)).toEqual(['POST /webhooks/partner', 'POST /webhooks/partner-eu']);
    expect(paths.map(pathOf)).toEqual(['/webhooks', '/webhooks/partner', '/webhooks/partner-eu']);
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

describe('resource policy of the function, which Lambda limits to 20,480 bytes', () => {
  /** A statement as Lambda writes it, at the usual length of names that CloudFormation generates. */
  const statementOf = ({ id, Properties: { Action, Principal, SourceArn } }: Resource) => ({
    Sid: `Hooks-${id}-0123456789AB`,
    Effect: 'Allow',
    Principal: { Service: Principal },
    Action,
    Resource: `arn:aws:lambda:eu-west-1:111122223333:function:${'f'.repeat(64)}`,
    Condition: { ArnLike: { 'AWS:SourceArn': evaluated(SourceArn, { [api.id]: 'a1b2c3d4e5', [stage.id]: 'prod' }) } },
  });

  it('has room for more sources than the environment of the function', () => {
    const many = Object.fromEntries(Array.from({ length: 85 }, (_, index) => [`source-${index}`, generic]));
    const built = inboxTemplate({ sources: many, forwarding: false, alarms: false });
    const statements = resourcesOf(built, 'AWS::Lambda::Permission').map(statementOf);
    expect(JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: statements }).length).toBeLessThan(20_480);
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
    const other = inboxTemplate({ sources: { partner: generic } });
    expect(onlyResource(other, 'AWS::ApiGateway::Deployment').id).not.toBe(deployment.id);
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
