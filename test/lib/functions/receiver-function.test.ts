import { describe, expect, it } from '@jest/globals';
import { Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { readConfig } from '../../../lambda/receiver/config.ts';
import type { SourcePropsOf, SourcesProps } from '../../../lib/sources.ts';
import { validateSources } from '../../../lib/validate-sources.ts';
import type { WebhookInboxProps } from '../../../lib/webhook-inbox.ts';
import { inboxStack, inboxTemplate, onlyResource, type Resource, resourceNamed, resourcesOf } from '../synthesis.ts';

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
          SOURCES: '{"partner":{"provider":"generic"},"partner-eu":{"provider":"generic","maxBodyBytes":65536}}',
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

describe('configuration of a source in the environment', () => {
  const sourcesIn = (sources: SourcesProps) => JSON.parse(String(environmentOf({ sources }).SOURCES));

  it('has the retention in seconds and its own resource, without the other options of API Gateway and alarms', () => {
    const meta: Required<SourcePropsOf<'meta'>> = {
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

  it('is what the function puts into effect', () => {
    const names = { TABLE_NAME: 'events', QUARANTINE_TABLE_NAME: 'quarantine', PAYLOAD_BUCKET_NAME: 'payloads' };
    const queue = { OVERFLOW_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/overflow' };
    const partner = { ...generic, onInvalid: 'quarantine' } as const;
    const shop = { provider: 'shopify', onInvalid: 'reject', maxBodyBytes: 5 } as const;
    const environment = environmentOf({ sources: { partner, shop, other: generic, stripe: { provider: 'stripe' } } });
    const { sources } = readConfig({
      ...environment,
      ...names,
      ...queue,
      AWS_REGION: 'eu-west-1',
    } as NodeJS.ProcessEnv);
    const inEffect = [...sources].map(([name, { onInvalid, maxBodyBytes }]) => [name, onInvalid, maxBodyBytes]);
    expect(inEffect).toEqual([
      ['partner', 'quarantine', undefined],
      ['shop', 'reject', 5],
      ['other', 'reject', undefined],
      ['stripe', 'quarantine', undefined],
    ]);
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

describe('too many sources', () => {
  const sourcesOf = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`${'s'.repeat(35)}${index + 1000}`, generic]));

  it('fail the synthesis instead of the deployment', () => {
    expect(() => inboxStack({ sources: sourcesOf(60) })).toThrow(
      new Error(
        "60 sources take 3901 bytes of the function's environment, which has room for 2985; " +
          'move some of them to a second inbox.',
      ),
    );
  });

  const certificate = Certificate.fromCertificateArn(
    new Stack(),
    'Certificate',
    'arn:aws:acm:eu-west-1:1:certificate/c',
  );
  const customDomain = { domainName: `${'hooks.'.repeat(40)}example.com`, certificate };

  it('leave room for the other environment variables at their longest', () => {
    const longest = {
      TABLE_NAME: 't'.repeat(255),
      QUARANTINE_TABLE_NAME: 't'.repeat(255),
      PAYLOAD_BUCKET_NAME: 'b'.repeat(63),
      OVERFLOW_QUEUE_URL: `https://sqs.ap-southeast-1.amazonaws.com/111122223333/${'q'.repeat(80)}`,
    };
    for (const props of [{ sources: sourcesOf(45) }, { sources: sourcesOf(41), customDomain }]) {
      const bytes = Object.entries({ ...environmentOf(props), ...longest }).join('').length;
      expect(bytes).toBeLessThan(4096);
    }
  });

  it('have less room if the name of the custom domain or of the stack is long', () => {
    expect(() => inboxStack({ sources: sourcesOf(45), customDomain })).toThrow('which has room for 2726; move some');
    expect(() => inboxStack({ sources: sourcesOf(47) }, 'S'.repeat(128))).toThrow('which has room for 2862; move some');
  });
});
