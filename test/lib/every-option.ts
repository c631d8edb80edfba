import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Table } from 'aws-cdk-lib/aws-dynamodb';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Architecture, Tracing } from 'aws-cdk-lib/aws-lambda';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';
import type { WebhookInboxProps } from '../../lib/webhook-inbox-props.ts';
import { arn } from './role-policies.ts';

/** The key in `everyOption`. */
export const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';

/** Props of an inbox with every option that goes with new resources. */
export function everyOption(sources: WebhookInboxProps['sources']): WebhookInboxProps {
  const elsewhere = new Stack();
  return {
    sources,
    retention: Duration.days(7),
    previousSecretGrace: Duration.hours(1),
    throttle: { rateLimit: 10, burstLimit: 20 },
    removalPolicy: RemovalPolicy.DESTROY,
    reservedConcurrency: 5,
    stageName: 'v1',
    functions: {
      memorySize: 2048,
      architecture: Architecture.X86_64,
      tracing: Tracing.ACTIVE,
      vpc: Vpc.fromVpcAttributes(elsewhere, 'Vpc', {
        vpcId: 'vpc-0123456789abcdef0',
        availabilityZones: ['eu-west-1a', 'eu-west-1b'],
        isolatedSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
      }),
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      securityGroups: [SecurityGroup.fromSecurityGroupId(elsewhere, 'Group', 'sg-0123456789abcdef0')],
    },
    encryptionKey: Key.fromKeyArn(elsewhere, 'Key', KEY_ARN),
    customDomain: {
      domainName: 'hooks.example.com',
      certificate: Certificate.fromCertificateArn(
        elsewhere,
        'Certificate',
        'arn:aws:acm:eu-west-1:111122223333:certificate/c',
      ),
      hostedZone: HostedZone.fromHostedZoneAttributes(elsewhere, 'Zone', {
        hostedZoneId: 'Z123',
        zoneName: 'example.com',
      }),
      ipv6: true,
    },
    waf: { requestsPerAddress: 1000 },
    accessLogs: { setAccountRole: true },
    forwarding: { archiveRetention: Duration.days(7), parallelizationFactor: 2 },
    alarms: { topic: Topic.fromTopicArn(elsewhere, 'Topic', 'arn:aws:sns:eu-west-1:111122223333:pager') },
  };
}

/** Props of an inbox with existing resources of its account and region; the tables share a key, the bucket has another. */
export function existingResources() {
  const elsewhere = new Stack();
  const encryptionKey = Key.fromKeyArn(elsewhere, 'Key', KEY_ARN);
  return {
    sources: {
      partner: { provider: 'generic', secret: Secret.fromSecretNameV2(elsewhere, 'Secret', 'team/partner') },
      shop: {
        provider: 'shopify',
        secret: StringParameter.fromSecureStringParameterAttributes(elsewhere, 'Parameter', {
          parameterName: '/team/shop',
        }),
      },
    },
    table: Table.fromTableAttributes(elsewhere, 'Table', {
      tableArn: arn.table('events'),
      tableStreamArn: arn.stream('events'),
      encryptionKey,
    }),
    quarantineTable: Table.fromTableAttributes(elsewhere, 'Quarantine', {
      tableArn: arn.table('quarantine'),
      encryptionKey,
    }),
    payloadBucket: Bucket.fromBucketAttributes(elsewhere, 'Bucket', {
      bucketArn: arn.bucket('payloads'),
      encryptionKey: Key.fromKeyArn(elsewhere, 'Other', arn.key('other')),
    }),
    forwarding: { bus: EventBus.fromEventBusArn(elsewhere, 'Bus', arn.bus('company')) },
  } satisfies Partial<WebhookInboxProps>;
}
