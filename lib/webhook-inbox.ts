import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { Alarm, Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { type ILogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { IParameter } from 'aws-cdk-lib/aws-ssm';
import type { Construct } from 'constructs';
import type { AccessLogsProps } from './api/access-logs.ts';
import { type CustomDomainProps, publicUrlOf, validateCustomDomain } from './api/custom-domain.ts';
import { validateAllowLists } from './api/resource-policy.ts';
import { validateWaf, type WafProps } from './api/web-acl.ts';
import { validateStageName, WebhookApi } from './api/webhook-api.ts';
import { validateExisting } from './existing-resources.ts';
import { ExpiringTable } from './expiring-table.ts';
import {
  EventForwarding,
  type EventForwardingProps,
  validateArchive,
  validateParallelizationFactor,
} from './functions/event-forwarding.ts';
import { EventOverflow } from './functions/event-overflow.ts';
import { type FunctionsProps, functionOptions, validateFunctions } from './functions/function-options.ts';
import { ReceiverFunction, validateReservedConcurrency } from './functions/receiver-function.ts';
import type { StoreResources } from './functions/store-statements.ts';
import { ImportedInbox, type WebhookInboxAttributes } from './imported-inbox.ts';
import { InboxBase, type IWebhookInbox } from './inbox-base.ts';
import { inboxName } from './inbox-name.ts';
import { addInboxOutput, inboxOutputs } from './inbox-outputs.ts';
import { allowLogs } from './key-policy.ts';
import { type AlarmsProps, validateAlarms } from './monitoring/alarms-props.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import { SavedQueries } from './monitoring/saved-queries.ts';
import { grantOperate } from './operate-grant.ts';
import { PayloadBucket } from './payload-bucket.ts';
import { type InboxProviders, inboxProviders } from './providers/inbox-providers.ts';
import type { OwnProviderProps } from './providers/own-provider.ts';
import { SigningSecrets } from './signing-secrets.ts';
import { warnOfUntriedProviders, warnOfWeakSources } from './source-warnings.ts';
import type { SourcesProps, Throttle } from './sources.ts';
import { addSourcesMetadata } from './sources-metadata.ts';
import { validateRetention, validateSources, validateThrottle } from './validate-sources.ts';

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
   * objects begin with the source's name and a slash. Add a lifecycle rule that deletes them, not before the items expire:
   * a day after the longest `retention`, and at least after 15 days. Import it with its `encryptionKey` if it has one
   * (`Bucket.fromBucketAttributes`). TLS, public access and removal are up to you.
   * @default - a new bucket
   * @group Storage
   */
  readonly payloadBucket?: IBucket;
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

/** Log groups of an inbox. */
export interface InboxLogGroups {
  /** Log group of the receiver. */
  readonly receiver: ILogGroup;
  /** Log group of the function that stores the events of the overflow queue. */
  readonly overflow: ILogGroup;
  /** Log group of the forwarder; `undefined` if `forwarding` is `false`. */
  readonly forwarder: ILogGroup | undefined;
  /** Access log of the API; `undefined` if `accessLogs` is `false`. */
  readonly access: ILogGroup | undefined;
}

/** Options of forwarding. */
export interface ForwardingProps {
  /**
   * Existing bus for the events, in the inbox's account and region: the `default` one too. The `source` of each event
   * begins with `webhook-inbox.`, and inboxes that share a bus need sources with different names. If the bus has a key,
   * the key's policy must let EventBridge use it.
   * @default - a new bus
   */
  readonly bus?: IEventBus;
  /**
   * Whether the bus has an archive of the inbox's events. Without one, `webhook-inbox replay` cannot replay them.
   * @default true
   */
  readonly archive?: boolean;
  /**
   * How long the bus's archive keeps events for replays.
   * @default Duration.days(30)
   */
  readonly archiveRetention?: Duration;
  /**
   * How many batches of a shard of the table's stream are forwarded at the same time: 1 to 10. With more than one, events
   * reach the bus in any order.
   * @default 1
   */
  readonly parallelizationFactor?: number;
}

/**
 * A webhook inbox: a REST API, the function that verifies, validates and stores deliveries, the table of events, the
 * quarantine of verified but invalid ones, the bucket of large payloads, the overflow queue, and a signing secret per
 * source. The outermost stack gets an output with the names of all that, by which the commands find the inbox.
 *
 * ```ts
 * const inbox = new WebhookInbox(this, 'Inbox', {
 *   sources: { partner: { provider: 'generic' }, 'stripe-eu': { provider: 'stripe' } },
 *   alarms: { topic },
 * });
 * ```
 */
export class WebhookInbox<TOwn extends string = never> extends InboxBase {
  /**
   * Imports an inbox of another app, or of another stack that must not be referred to, by the names in its outputs, so
   * that consumers of its events can be built. It must be in the account and the region of the stack.
   * @throws {Error} if an attribute is invalid
   */
  static fromAttributes(scope: Construct, id: string, attributes: WebhookInboxAttributes): IWebhookInbox {
    return new ImportedInbox(scope, id, attributes);
  }

  /** Name of the inbox: the dimension `inbox` of its metrics, and the first part of its secrets' names. */
  readonly inboxName: string;
  /** Table of the events. */
  readonly table: ITable;
  /** Table of the deliveries and events that were verified, but are invalid. */
  readonly quarantine: ITable;
  /** Bucket of the payloads that are too large for an item of either table. */
  readonly payloadBucket: IBucket;
  /** Function that receives the deliveries. */
  readonly receiver: IFunction;
  /** Function that forwards stored events; `undefined` if `forwarding` is `false`. */
  readonly forwarder: IFunction | undefined;
  /** The REST API. */
  readonly api: RestApi;
  /** Log groups of the functions and of the API. */
  readonly logGroups: InboxLogGroups;
  /** The alarms, without those that `onEvent` returns; none if `alarms` is `false`. */
  readonly alarms: readonly Alarm[];
  /** The dashboard; `undefined` if `alarms` is `false`. */
  readonly dashboard: Dashboard | undefined;
  /** URL of every source, up to its name: it ends with `/webhooks/`. */
  readonly urlPrefix: string;
  /** Webhook URLs by source name. */
  readonly urls: ReadonlyMap<string, string>;
  /** Signing secrets in Secrets Manager, new and existing ones, by source name. */
  readonly secrets: ReadonlyMap<string, ISecret>;
  /** Existing parameters that have signing secrets, by source name. */
  readonly parameters: ReadonlyMap<string, IParameter>;
  /** Target of the custom domain's DNS records; `undefined` without a custom domain. */
  readonly dnsTarget: string | undefined;
  /** Queue and function for the events that could not be stored in time. */
  readonly overflow: EventOverflow;
  /** Forwarding of stored events; `undefined` if `forwarding` is `false`. */
  readonly forwarding: EventForwarding | undefined;
  /** Event bus for the rules of consumers; `undefined` if `forwarding` is `false`. */
  readonly bus: IEventBus | undefined;
  /** Key that encrypts the inbox; `undefined` without `encryptionKey`. */
  readonly encryptionKey: IKey | undefined;
  protected readonly sourceNames: readonly string[];
  protected readonly alarmsProps: AlarmsProps | false;
  private readonly signingSecrets: SigningSecrets;
  protected readonly withoutBus = 'remove forwarding: false from its props';

  /** @throws {Error} if a prop is invalid; the message says which one and how to fix it */
  constructor(scope: Construct, id: string, props: WebhookInboxProps<TOwn>) {
    super(scope, id);
    const inbox = inboxName(this);
    const providers = inboxProviders(props.providers);
    const message = validateInbox(props, providers) ?? validateExisting(props, this);
    if (message) throw new Error(message);
    this.inboxName = inbox;
    this.encryptionKey = props.encryptionKey;
    this.alarmsProps = props.alarms ?? {};
    const { sources, retention = Duration.days(30), previousSecretGrace = Duration.hours(24) } = props;
    this.sourceNames = Object.keys(sources);
    const { throttle = { rateLimit: 100, burstLimit: 200 }, encryptionKey } = props;
    const { reservedConcurrency, customDomain, waf, accessLogs, forwarding = {}, alarms = {} } = props;
    const { functions = {}, stageName = 'prod' } = props;
    const logs = { logRetention: props.logRetention ?? RetentionDays.ONE_MONTH, encryptionKey };
    if (encryptionKey) allowLogs(encryptionKey, this);
    const stores = addStores(this, { ...props, retention });
    const { table, quarantine, payloadBucket } = stores;
    this.table = table;
    this.quarantine = quarantine;
    this.payloadBucket = payloadBucket;
    const options = functionOptions(functions, 'forwarder');
    this.forwarding = addForwarding(this, forwarding, { ...logs, table, payloadBucket, options });
    this.bus = this.forwarding?.bus;
    this.overflow = new EventOverflow(this, 'Overflow', {
      ...logs,
      inbox,
      ...stores,
      options: functionOptions(functions, 'overflow'),
    });
    const secrets = new SigningSecrets(this, 'Secrets', { inbox, sources, providers, encryptionKey });
    this.signingSecrets = secrets;
    this.secrets = secrets.bySource;
    this.parameters = secrets.parameters;
    const { function: receiver, sources: configs } = new ReceiverFunction(this, 'Receiver', {
      ...logs,
      inbox,
      sources,
      providers,
      secrets,
      ...stores,
      overflow: this.overflow.queue,
      retention,
      previousSecretGrace,
      reservedConcurrency,
      publicUrl: customDomain && publicUrlOf(customDomain),
      options: functionOptions(functions, 'receiver'),
    });
    this.receiver = receiver;
    const edge = { stageName, throttle, customDomain, waf, accessLogs, ...logs };
    const { api, urlPrefix, urls, dnsTarget, accessLogGroup } = new WebhookApi(this, 'Gateway', {
      sources,
      providers,
      receiver,
      ...edge,
    });
    this.api = api;
    this.forwarder = this.forwarding?.function;
    this.logGroups = {
      receiver: receiver.logGroup,
      overflow: this.overflow.function.logGroup,
      forwarder: this.forwarding?.function.logGroup,
      access: accessLogGroup,
    };
    this.urlPrefix = urlPrefix;
    this.urls = urls;
    this.dnsTarget = dnsTarget;
    addInboxOutput(this, inboxOutputs(this));
    new SavedQueries(this, 'Queries', { inbox, receiver: receiver.logGroup });
    warnOfWeakSources(this, sources, providers);
    warnOfUntriedProviders(this, providers);
    addSourcesMetadata(this, inbox, { sources: configs, providers: props.providers ?? {} });
    const monitored = { inbox, sources, api, receiver, table, overflow: this.overflow, forwarding: this.forwarding };
    const monitoring = alarms && new Monitoring(this, 'Monitoring', { ...monitored, alarms });
    this.alarms = monitoring ? monitoring.alarms : [];
    this.dashboard = monitoring ? monitoring.dashboard : undefined;
  }

  /**
   * Lets an operator use the commands for a deployed inbox: `secret`, `send`, `events`, `inspect`, `tail`,
   * `status`, `redeliver`, `replay`, `redrive` and `quarantine`. That includes reading signing secrets and payloads.
   *
   * An inline policy of a user has no room for this: choose a role, a group or a managed policy.
   * @param operator a role, a managed policy, or another principal of this account
   */
  grantOperate(operator: IGrantable): Grant {
    return grantOperate(operator, this, this.signingSecrets);
  }
}

/** The tables and the bucket: existing ones, or new ones. */
function addStores(
  scope: Construct,
  props: WebhookInboxProps<string> & { readonly retention: Duration },
): StoreResources {
  const { sources, retention, removalPolicy, encryptionKey, forwarding } = props;
  const storage = { removalPolicy, encryptionKey };
  const stream = forwarding !== false;
  return {
    table: props.table ?? new ExpiringTable(scope, 'Events', { ...storage, stream }).table,
    quarantine: props.quarantineTable ?? new ExpiringTable(scope, 'Quarantine', storage).table,
    payloadBucket:
      props.payloadBucket ?? new PayloadBucket(scope, 'Payloads', { ...storage, sources, retention }).bucket,
  };
}

function addForwarding(
  scope: Construct,
  forwarding: ForwardingProps | false,
  others: Omit<EventForwardingProps, 'bus' | 'archiveRetention' | 'parallelizationFactor'>,
): EventForwarding | undefined {
  if (!forwarding) return undefined;
  const { bus, archive = true, archiveRetention = Duration.days(30), parallelizationFactor = 1 } = forwarding;
  const retention = archive ? archiveRetention : undefined;
  return new EventForwarding(scope, 'Forwarding', {
    ...others,
    bus,
    archiveRetention: retention,
    parallelizationFactor,
  });
}

function validateForwarding({ archive, archiveRetention, parallelizationFactor }: ForwardingProps): string | undefined {
  return validateArchive(archive, archiveRetention) ?? validateParallelizationFactor(parallelizationFactor);
}

function validateInbox(props: WebhookInboxProps<string>, providers: InboxProviders): string | undefined {
  const { sources, retention, throttle, waf, customDomain, reservedConcurrency, forwarding, alarms } = props;
  const { functions, stageName } = props;
  return (
    validateSources(sources, providers) ??
    validateAllowLists(sources) ??
    (retention && validateRetention(retention)) ??
    (throttle && validateThrottle(throttle)) ??
    (waf ? validateWaf(waf) : undefined) ??
    (customDomain && validateCustomDomain(customDomain, sources)) ??
    validateReservedConcurrency(reservedConcurrency) ??
    (functions && validateFunctions(functions)) ??
    (stageName === undefined ? undefined : validateStageName(stageName)) ??
    (alarms ? validateAlarms(alarms, sources) : undefined) ??
    (forwarding ? validateForwarding(forwarding) : undefined)
  );
}
