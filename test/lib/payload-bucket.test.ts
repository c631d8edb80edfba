import { describe, expect, it } from '@jest/globals';
import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { Template } from 'aws-cdk-lib/assertions';
import { providers } from '../../lambda/providers/index.ts';
import { QUARANTINE_SECONDS } from '../../lambda/quarantine/quarantine-item.ts';
import type { WebhookInboxProps } from '../../lib/webhook-inbox-props.ts';
import { everyOption, KEY_ARN } from './every-option.ts';
import { inboxTemplate, onlyResource } from './synthesis.ts';

const generic = { provider: 'generic' } as const;
const sources = { partner: generic, shop: { provider: 'shopify' } } as const;

const bucketOf = (template: Template) => onlyResource(template, 'AWS::S3::Bucket');
const policyOf = (template: Template) => onlyResource(template, 'AWS::S3::BucketPolicy');

const BUCKET = {
  PublicAccessBlockConfiguration: {
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  },
  OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
  BucketEncryption: {
    ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
  },
  LifecycleConfiguration: { Rules: [{ Id: 'Expire', Status: 'Enabled', ExpirationInDays: 31 }] },
};

describe('payload bucket', () => {
  const template = inboxTemplate({ sources });

  it('is private, encrypted and not versioned, expires its objects and outlives its stack', () => {
    const { id: _, ...bucket } = bucketOf(template);
    expect(bucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(bucket.Properties).toEqual(BUCKET);
  });

  it('denies every request without TLS, and keeps that policy as long as it exists', () => {
    const arn = { 'Fn::GetAtt': [bucketOf(template).id, 'Arn'] };
    expect(policyOf(template)).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    expect(policyOf(template).Properties).toEqual({
      Bucket: { Ref: bucketOf(template).id },
      PolicyDocument: {
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Deny',
            Principal: { AWS: '*' },
            Action: 's3:*',
            Resource: [arn, { 'Fn::Join': ['', [arn, '/*']] }],
            Condition: { Bool: { 'aws:SecureTransport': 'false' } },
          },
        ],
      },
    });
  });

  it('is deleted with its stack under the policy DESTROY, without a function that could delete every object', () => {
    const temporary = inboxTemplate({ sources, removalPolicy: RemovalPolicy.DESTROY });
    for (const resource of [bucketOf(temporary), policyOf(temporary)]) {
      expect(resource).toMatchObject({ DeletionPolicy: 'Delete', UpdateReplacePolicy: 'Delete' });
    }
    expect(Object.keys(temporary.findResources('Custom::S3AutoDeleteObjects'))).toEqual([]);
    expect(Object.keys(temporary.findResources('AWS::Lambda::Function'))).toHaveLength(3);
  });

  it("is encrypted with the inbox's key if it has one, by way of a bucket key", () => {
    expect(bucketOf(inboxTemplate(everyOption(sources))).Properties.BucketEncryption).toEqual({
      ServerSideEncryptionConfiguration: [
        {
          BucketKeyEnabled: true,
          ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: KEY_ARN },
        },
      ],
    });
  });
});

describe('lifetime of an object', () => {
  function daysOf(props: WebhookInboxProps): unknown {
    const { LifecycleConfiguration } = bucketOf(
      inboxTemplate({ ...props, alarms: false, forwarding: false }),
    ).Properties;
    return (LifecycleConfiguration as typeof BUCKET.LifecycleConfiguration).Rules[0]?.ExpirationInDays;
  }
  const withRetention = (days: number) => ({ ...generic, retention: Duration.days(days) });

  it.each([
    ['of the inbox', { sources, retention: Duration.days(45) }, 46],
    ['of a source', { sources: { partner: withRetention(60), other: generic } }, 61],
    ['of the inbox, if every source has a shorter one', { sources: { partner: withRetention(20) } }, 31],
    ['in whole days', { sources, retention: Duration.hours(24 * 20 + 1) }, 22],
  ])('is a day longer than the longest retention %s', (_, props, days) => {
    expect(daysOf(props)).toBe(days);
  });

  it('is a day longer than that of a quarantine item if every retention is shorter', () => {
    expect(daysOf({ sources, retention: Duration.hours(1) })).toBe(QUARANTINE_SECONDS / 86_400 + 1);
  });

  it.each(Object.entries(providers))(
    'is longer than the time in which a captured request of %s could be accepted again',
    (_, provider) => {
      const { toleranceSeconds = 0 } = provider().signature;
      expect(toleranceSeconds + 300).toBeLessThan(QUARANTINE_SECONDS);
    },
  );
});
