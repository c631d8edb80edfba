import type { Duration, RemovalPolicy } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { AccessLogsProps } from './api/access-logs.ts';
import type { CustomDomainProps } from './api/custom-domain.ts';
import type { WafProps } from './api/web-acl.ts';
import type { ForwardingProps } from './functions/forwarding-props.ts';
import type { FunctionsProps } from './functions/function-options.ts';
import type { AlarmsProps } from './monitoring/alarms-props.ts';
import type { PayloadLocation } from './payload-location.ts';
import type { OwnProviderProps } from './providers/own-provider.ts';
import type { SourcesProps, Throttle } from './sources.ts';

/**
 * Options of an inbox.
 * @typeParam TOwn names of the inbox's own providers
 */
export interface WebhookInboxProps<TOwn extends string = never> {
  /**
   * Endpoints by name: `{ partner: { provider: 'generic' } }` serves `POST /webhooks/partner`.
   * @group Sources
   */
  readonly sources: SourcesProps<NoInfer<TOwn>>;
  /**
   * Providers of one's own, in code, by name: `{ acme: { entry: 'webhooks/acme.ts' } }`. docs/custom-provider.md describes
   * such a file. esbuild bundles it at synthesis.
   * @default - none besides those in docs/providers.md
   * @group Sources
   */
  readonly providers?: Readonly<Record<TOwn, OwnProviderProps>>;
  /**
   * How long events are stored, and how old a signed event may be. At least an hour.
   * @default Duration.days(30)
   * @group Storage
   */
  readonly retention?: Duration;
  /**
   * How long the previous signing secret is accepted after a rotation.
   * @default Duration.hours(24)
   * @group Sources
   */
  readonly previousSecretGrace?: Duration;
  /**
   * Request limits of the API per HTTP method. Sources without `throttle` and `allowedCidrs` share them; a source with
   * `allowedCidrs` has them to itself.
   * @default { rateLimit: 100, burstLimit: 200 }
   * @group API
   */
  readonly throttle?: Throttle;
  /**
   * Existing table for the events, in the inbox's account and region: with the string `id` as its partition key, no sort
   * key, the TTL attribute `expires_at`, and, unless `forwarding` is `false`, a stream with `NEW_AND_OLD_IMAGES`. Import
   * it with its `tableStreamArn`, and with its `encryptionKey` if it has one (`Table.fromTableAttributes`). Billing,
   * backups, protection and removal are up to you.
   * @default - a new table
   * @group Storage
   */
  readonly table?: ITable;
  /**
   * Existing table for what is in quarantine, in the inbox's account and region: with the string `id` as its partition
   * key, no sort key, and the TTL attribute `expires_at`. Import it with its `encryptionKey` if it has one.
   * @default - a new table
   * @group Storage
   */
  readonly quarantineTable?: ITable;
  /**
   * Existing bucket for payloads that are too large for an item, in the inbox's account and region. The keys of its
   * objects begin with the source's name and a slash. `{ bucket, prefix: 'webhooks/' }` puts a prefix before that, and lets
   * the inbox, its consumers and its operators use only what has the prefix: choose this if the bucket has other objects,
   * or those of other inboxes, each of which then needs another prefix.
   *
   * Add a lifecycle rule that deletes the objects, not before the items expire: a day after the longest `retention`, and at
   * least after 15 days. Import the bucket with its `encryptionKey` if it has one (`Bucket.fromBucketAttributes`). TLS,
   * public access and removal are up to you.
   * @default - a new bucket
   * @group Storage
   */
  readonly payloadBucket?: IBucket | PayloadLocation;
  /**
   * Removal policy of the events table, the quarantine table and the payload bucket, unless they are existing ones. The
   * tables have deletion protection unless the policy is `DESTROY`. Under `DESTROY`, the stack can be deleted only after
   * you have emptied the bucket.
   * @default RemovalPolicy.RETAIN
   * @group Storage
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * KMS key, in the inbox's region, that encrypts all that may hold payloads or secrets: the tables, the payload bucket,
   * the event bus and its archive, the queues, the logs and the signing secrets. Existing resources keep their own keys.
   *
   * Its key policy must let IAM policies grant the use of the key, as the policies of keys created by the CDK do, and it
   * must let CloudWatch Logs and EventBridge use the key. The inbox adds that to the policy of a key that the app
   * creates; docs/operations.md#encryption-key has the statements for an imported key.
   * @default - keys of AWS, free of charge
   * @group Storage
   */
  readonly encryptionKey?: IKey;
  /**
   * How long the logs of the functions and the access log are kept.
   * @default RetentionDays.ONE_MONTH
   * @group Monitoring
   */
  readonly logRetention?: RetentionDays;
  /**
   * Reserved concurrency of the receiver, which also is its limit. Requests above it are answered 5xx, and providers
   * retry them.
   * @default - the unreserved concurrency of the account
   * @group Functions
   */
  readonly reservedConcurrency?: number;
  /**
   * Options of the functions: memory, architecture, tracing, VPC and roles.
   * @default - ARM, with 1,024 MB (the forwarder 512 MB), outside of VPCs, without traces, each with a new role
   * @group Functions
   */
  readonly functions?: FunctionsProps;
  /**
   * Name of the API's stage, which is the first part of the path unless there is a `customDomain`. Letters, digits,
   * hyphens and underscores, at most 128. A change replaces the stage, so that all URLs without a custom domain change.
   * @default 'prod'
   * @group API
   */
  readonly stageName?: string;
  /**
   * Host name for the API, with its certificate.
   * @default - the host name that API Gateway assigns
   * @group API
   */
  readonly customDomain?: CustomDomainProps;
  /**
   * Web ACL that limits the requests per IP address and blocks what AWS's common rules detect outside of bodies.
   * @default - none, as signatures keep strangers out: a flood costs money but stores nothing
   * @group API
   */
  readonly waf?: WafProps | false;
  /**
   * Access log of the API: one line per request, without body, headers and query string. `false` disables it.
   * @default - a log that is kept for `logRetention`, and the account's role for writing it
   * @group API
   */
  readonly accessLogs?: AccessLogsProps | false;
  /**
   * Forwarding of stored events to an event bus. `false` disables it.
   * @default - a bus with an archive of 30 days
   * @group Forwarding
   */
  readonly forwarding?: ForwardingProps | false;
  /**
   * Alarm and dashboard settings. `false` disables both.
   * @default - alarms without actions, for each source if there are at most 40, and a dashboard
   * @group Monitoring
   */
  readonly alarms?: AlarmsProps | false;
}
