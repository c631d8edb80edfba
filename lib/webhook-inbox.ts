import { Duration } from 'aws-cdk-lib';
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
import { publicUrlOf } from './api/custom-domain.ts';
import { WebhookApi } from './api/webhook-api.ts';
import { validateExisting } from './existing-resources.ts';
import type { EventForwarding } from './functions/event-forwarding.ts';
import { EventOverflow } from './functions/event-overflow.ts';
import { addForwarding } from './functions/forwarding-props.ts';
import { functionOptions } from './functions/function-options.ts';
import { ReceiverFunction } from './functions/receiver-function.ts';
import { ImportedInbox, type WebhookInboxAttributes } from './imported-inbox.ts';
import { InboxBase, type IWebhookInbox } from './inbox-base.ts';
import { inboxName } from './inbox-name.ts';
import { addInboxOutput, inboxOutputs } from './inbox-outputs.ts';
import { allowLogs } from './key-policy.ts';
import type { AlarmsProps } from './monitoring/alarms-props.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import { SavedQueries } from './monitoring/saved-queries.ts';
import { grantOperate } from './operate-grant.ts';
import { inboxProviders } from './providers/inbox-providers.ts';
import { SigningSecrets } from './signing-secrets.ts';
import { warnOfUntriedProviders, warnOfWeakSources } from './source-warnings.ts';
import { addSourcesMetadata } from './sources-metadata.ts';
import { addStores } from './stores.ts';
import { validateInbox } from './validate-inbox.ts';
import type { WebhookInboxProps } from './webhook-inbox-props.ts';

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
  /** What the keys of the inbox's objects in that bucket begin with; empty unless `payloadBucket` of the props has one. */
  readonly payloadPrefix: string;
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
    const { table, quarantine, payloadBucket, payloadPrefix } = stores;
    this.table = table;
    this.quarantine = quarantine;
    this.payloadBucket = payloadBucket;
    this.payloadPrefix = payloadPrefix;
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
