import { describe, expect, it } from '@jest/globals';
import { Duration, Token } from 'aws-cdk-lib';
import { deployedSources } from '../../../lib/deployed-sources.ts';
import type { SourcePropsOf, SourcesProps } from '../../../lib/sources.ts';
import { validateSources } from '../../../lib/validate-sources.ts';
import type { WebhookInboxProps } from '../../../lib/webhook-inbox-props.ts';
import { evaluated, inboxTemplate, onlyResource, type Resource, resourceNamed, resourcesOf } from '../synthesis.ts';

const generic = { provider: 'generic' } as const;
const sources = { partner: generic, 'partner-eu': { ...generic, maxBodyBytes: 65_536 } };
const template = inboxTemplate({ sources, forwarding: false, accessLogs: false });
const table = resourceNamed(template, 'AWS::DynamoDB::Table', 'Events');
const quarantine = resourceNamed(template, 'AWS::DynamoDB::Table', 'Quarantine');
const bucket = onlyResource(template, 'AWS::S3::Bucket');
const queue = resourceNamed(template, 'AWS::SQS::Queue', 'OverflowQueue');
const logs = resourceNamed(template, 'AWS::Logs::LogGroup', 'Receiver');
const role = resourceNamed(template, 'AWS::IAM::Role', 'Receiver');
const lambda = resourceNamed(template, 'AWS::Lambda::Function', 'Receiver');
const secrets = resourcesOf(template, 'AWS::SecretsManager::Secret');

function environmentOf(props: WebhookInboxProps): Record<string, unknown> {
  const { Properties } = resourceNamed(
    inboxTemplate({ ...props, forwarding: false, alarms: false }),
    'AWS::Lambda::Function',
    'Receiver',
  );
  return (Properties.Environment as { Variables: Record<string, unknown> }).Variables;
}

describe('role of the receiver', () => {
  it('may put items and payloads, send to the overflow queue, read its secrets and write its log, and nothing else', () => {
    const arnOf = ({ id }: Resource) => ({ 'Fn::GetAtt': [id, 'Arn'] });
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
              { Effect: 'Allow', Action: 'dynamodb:PutItem', Resource: [arnOf(table), arnOf(quarantine)] },
              {
                Effect: 'Allow',
                Action: 's3:PutObject',
                Resource: { 'Fn::Join': ['', [arnOf(bucket), '/*']] },
              },
              { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arnOf(queue) },
              {
                Effect: 'Allow',
                Action: 'secretsmanager:GetSecretValue',
                Resource: secrets.map(({ id }) => ({ Ref: id })),
              },
              {
                Effect: 'Allow',
                Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
                Resource: arnOf(logs),
              },
            ],
          },
        },
      ],
    });
    expect(secrets).toHaveLength(2);
  });

  it('has no policy outside of the role, nor in the tables or the secrets', () => {
    for (const type of ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy', 'AWS::IAM::RolePolicy']) {
      template.resourceCountIs(type, 0);
    }
    for (const { Properties } of [table, quarantine, ...secrets])
      expect(Properties).not.toHaveProperty('ResourcePolicy');
    template.resourceCountIs('AWS::SecretsManager::ResourcePolicy', 0);
  });
});

describe('receiver function', () => {
  it('runs on Node.js 24 and arm64, logs JSON to its own group and has its sources in its environment', () => {
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
          QUARANTINE_TABLE_NAME: { Ref: quarantine.id },
          OVERFLOW_QUEUE_URL: { Ref: queue.id },
          PAYLOAD_BUCKET_NAME: { Ref: bucket.id },
          INBOX_NAME: 'Hooks/Inbox',
          RETENTION_SECONDS: '2592000',
          PREVIOUS_SECRET_GRACE_SECONDS: '86400',
        },
      },
    });
  });

  it('keeps its log for a month and deletes it with the stack', () => {
    expect(logs).toEqual({
      id: logs.id,
      Type: 'AWS::Logs::LogGroup',
      Properties: { RetentionInDays: 30 },
      DeletionPolicy: 'Delete',
      UpdateReplacePolicy: 'Delete',
    });
  });

  it('has the retention and the grace period of previous secrets in its environment', () => {
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

describe('configuration of the sources', () => {
  const sourcesIn = (sources: SourcesProps) => deployedSources(sources).configs;

  it('has the retention in seconds and its own resource, without the other options of API Gateway and alarms', () => {
    const meta: Required<Omit<SourcePropsOf<'meta'>, 'secret'>> = {
      provider: 'meta',
      settings: { verifyToken: 'a-verify-token' },
      maxBodyBytes: 1000,
      onInvalid: 'reject',
      publicUrl: 'https://hooks.example.com/meta',
      retention: Duration.days(2),
      throttle: { rateLimit: 1, burstLimit: 1 },
      allowedCidrs: ['192.0.2.0/24'],
      silentAfter: Duration.hours(6),
    };
    expect(sourcesIn({ meta, other: generic })).toEqual({
      meta: {
        provider: 'meta',
        settings: { verifyToken: 'a-verify-token' },
        maxBodyBytes: 1000,
        onInvalid: 'reject',
        publicUrl: 'https://hooks.example.com/meta',
        retentionSeconds: 172_800,
        hasOwnResource: true,
      },
      other: { provider: 'generic' },
    });
  });

  it('says of a source with a throttle or an allow-list that it has a resource of the API to itself', () => {
    const throttle = { rateLimit: 1, burstLimit: 1 };
    const allowed = { ...generic, allowedCidrs: ['192.0.2.0/24'] };
    expect(sourcesIn({ throttled: { ...generic, throttle }, allowed, other: generic })).toEqual({
      throttled: { provider: 'generic', hasOwnResource: true },
      allowed: { provider: 'generic', hasOwnResource: true },
      other: { provider: 'generic' },
    });
  });

  it('has no option that has no value', () => {
    const none = { retention: undefined, publicUrl: undefined, settings: {} };
    expect(sourcesIn({ partner: { ...generic, ...(none as object) } })).toEqual({ partner: generic });
  });

  it('leaves what is unknown at synthesis to the environment', () => {
    const publicUrl = Token.asString({ Ref: 'Url' });
    const topicArn = Token.asString({ Ref: 'Topic' });
    const sources = { topics: { provider: 'sns', settings: { topicArn }, publicUrl }, other: generic } as const;
    expect(sourcesIn(sources)).toEqual({ topics: { provider: 'sns' }, other: generic });
    const deployed = evaluated(environmentOf({ sources }).SOURCE_VALUES, { Url: 'https://a.example', Topic: 'arn:t' });
    expect(JSON.parse(String(deployed))).toEqual({
      topics: { publicUrl: 'https://a.example', settings: { topicArn: 'arn:t' } },
    });
    expect(environmentOf({ sources: { other: generic } })).not.toHaveProperty('SOURCE_VALUES');
  });

  it('requires a retention of at least an hour', () => {
    const validate = (retention: Duration) => validateSources({ partner: { ...generic, retention } });
    expect(validate(Duration.hours(1))).toBeUndefined();
    expect(validate(Duration.minutes(59))).toBe(
      'Source "partner": retention must be at least an hour, not 3540 seconds.',
    );
  });
});

describe('reserved concurrency', () => {
  const receiver = (reservedConcurrency?: number) => {
    const reserved = reservedConcurrency === undefined ? {} : { reservedConcurrency };
    const built = inboxTemplate({ sources, forwarding: false, alarms: false, ...reserved });
    return resourceNamed(built, 'AWS::Lambda::Function', 'Receiver').Properties;
  };

  it('is set on the function only if the inbox asks for it', () => {
    expect(receiver(20).ReservedConcurrentExecutions).toBe(20);
    expect(receiver()).not.toHaveProperty('ReservedConcurrentExecutions');
  });

  it.each([0, -1, 1.5, Number.NaN])('cannot be %d', (reservedConcurrency) => {
    expect(() => receiver(reservedConcurrency)).toThrow(
      new Error(
        `reservedConcurrency must be a whole number, at least 1, not ${reservedConcurrency}; leave it out to reserve none.`,
      ),
    );
  });
});
