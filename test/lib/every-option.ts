import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Key } from 'aws-cdk-lib/aws-kms';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { WebhookInboxProps } from '../../lib/webhook-inbox.ts';

/** The key in `everyOption`. */
export const KEY_ARN = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d';

/** Props of an inbox with every option. */
export function everyOption(sources: WebhookInboxProps['sources']): WebhookInboxProps {
  const elsewhere = new Stack();
  return {
    sources,
    retention: Duration.days(7),
    previousSecretGrace: Duration.hours(1),
    throttle: { rateLimit: 10, burstLimit: 20 },
    removalPolicy: RemovalPolicy.DESTROY,
    reservedConcurrency: 5,
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
