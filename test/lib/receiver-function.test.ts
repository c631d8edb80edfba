import { describe, expect, it } from '@jest/globals';
import { Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import type { WebhookInboxProps } from '../../lib/webhook-inbox.ts';
import { inboxStack, inboxTemplate, onlyResource, resourcesOf } from './synthesis.ts';

const generic = { provider: 'generic' } as const;
const sources = { partner: generic, 'partner-eu': { ...generic, maxBodyBytes: 65_536 } };
/** Without delivery and access logs, the receiver's function, role and log are the only ones. */
const template = inboxTemplate({ sources, forwarding: false, accessLogs: false });
const table = onlyResource(template, 'AWS::DynamoDB::Table');
const logs = onlyResource(template, 'AWS::Logs::LogGroup');
const role = onlyResource(template, 'AWS::IAM::Role');
const lambda = onlyResource(template, 'AWS::Lambda::Function');
const secrets = resourcesOf(template, 'AWS::SecretsManager::Secret');

function environmentOf(props: WebhookInboxProps): Record<string, unknown> {
  const { Properties } = onlyResource(
    inboxTemplate({ ...props, forwarding: false, alarms: false }),
    'AWS::Lambda::Function',
  );
  return (Properties.Environment as { Variables: Record<string, unknown> }).Variables;
}

describe('role', () => {
  it('may put items, read its secrets and write its log, and nothing else', () => {
    expect(role.Properties).toEqual({
      Description: expect.any(String),
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
      },
      Policies: [
        {
          PolicyName: 'Receive',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [
              { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: { 'Fn::GetAtt': [table.id, 'Arn'] } },
              {
                Effect: 'Allow',
                Action: 'secretsmanager:GetSecretValue',
                Resource: secrets.map(({ id }) => ({ Ref: id })),
              },
              {
                Effect: 'Allow',
                Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
                Resource: { 'Fn::GetAtt': [logs.id, 'Arn'] },
              },
            ],
          },
        },
      ],
    });
    expect(secrets).toHaveLength(2);
  });

  it('is given no policy elsewhere', () => {
    for (const type of ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy']) {
      template.resourceCountIs(type, 0);
    }
    for (const { Properties } of [table, ...secrets]) expect(Properties).not.toHaveProperty('ResourcePolicy');
    template.resourceCountIs('AWS::SecretsManager::ResourcePolicy', 0);
  });
});

describe('function', () => {
  it('runs on Node.js 24 and arm64, logs JSON into its own group, and knows its sources', () => {
    const { Code, ...properties } = lambda.Properties;
    expect(properties).toEqual({
      Description: expect.any(String),
      Runtime: 'nodejs24.x',
      Architectures: ['arm64'],
      Handler: 'index.handler',
      MemorySize: 1024,
      Timeout: 10,
      Role: { 'Fn::GetAtt': [role.id, 'Arn'] },
      LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN', LogGroup: { Ref: logs.id } },
      Environment: {
        Variables: {
          TABLE_NAME: { Ref: table.id },
          SECRET_NAME_PREFIX: 'Hooks/Inbox/',
          RETENTION_SECONDS: '2592000',
          PREVIOUS_SECRET_GRACE_SECONDS: '86400',
          SOURCES: '{"partner":{"provider":"generic"},"partner-eu":{"provider":"generic","maxBodyBytes":65536}}',
        },
      },
    });
  });

  it('keeps its log for a month, and leaves none behind', () => {
    expect(logs).toEqual({
      id: logs.id,
      Type: 'AWS::Logs::LogGroup',
      Properties: { RetentionInDays: 30 },
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
    });
  });

  it('is told how long events and previous secrets live', () => {
    const props = {
      sources: { partner: generic },
      retention: Duration.days(7),
      previousSecretGrace: Duration.hours(1),
    };
    expect(environmentOf(props)).toMatchObject({
      RETENTION_SECONDS: '604800',
      PREVIOUS_SECRET_GRACE_SECONDS: '3600',
    });
  });
});

describe('too many sources', () => {
  const sourcesOf = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${'s'.repeat(35)}${index + 1000}`, generic]));

  it('are refused when the stack is built, since Lambda would refuse them in the middle of a deployment', () => {
    expect(() => inboxStack({ sources: sourcesOf(60) })).toThrow(
      new Error(
        "60 sources take 3901 bytes of the function's environment, which has room for 3496: " +
          'put some of them into a second inbox.',
      ),
    );
  });

  const certificate = Certificate.fromCertificateArn(
    new Stack(),
    'Certificate',
    'arn:aws:acm:eu-west-1:1:certificate/c',
  );
  const customDomain = { domainName: `${'hooks.'.repeat(40)}example.com`, certificate };

  it('leave room for what the other variables take', () => {
    for (const props of [{ sources: sourcesOf(50) }, { sources: sourcesOf(49), customDomain }]) {
      const bytes = Object.entries({ ...environmentOf(props), TABLE_NAME: 't'.repeat(255) }).join('').length;
      expect(bytes).toBeLessThan(4096);
    }
  });

  it('leave less room beside a long host name', () => {
    expect(() => inboxStack({ sources: sourcesOf(52), customDomain })).toThrow('which has room for 3237: put some');
  });
});
