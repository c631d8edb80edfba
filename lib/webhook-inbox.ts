import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type { ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AccessLogsProps } from './api/access-logs.ts';
import { type CustomDomainProps, publicUrlOf, validateCustomDomain } from './api/custom-domain.ts';
import { validateWaf, type WafProps } from './api/web-acl.ts';
import { WebhookApi } from './api/webhook-api.ts';
import { EventsTable } from './events-table.ts';
import { EventForwarding } from './functions/event-forwarding.ts';
import { ReceiverFunction } from './functions/receiver-function.ts';
import { Monitoring } from './monitoring/monitoring.ts';
import { SigningSecrets } from './signing-secrets.ts';
import { checkSources, type SourcesProps, validateRetention } from './sources.ts';
import { type Throttle, validateThrottle } from './throttle.ts';

/** What an inbox is made of. */
export interface WebhookInboxProps {
  /** The endpoints by name: `{ partner: { provider: 'generic' } }` serves `POST /webhooks/partner`. */
  readonly sources: SourcesProps;
  /**
   * How long events are kept, and so how old a signed event may be.
   * @default 30 days
   */
  readonly retention?: Duration;
  /**
   * How long after a rotation the previous secret is accepted.
   * @default 24 hours
   */
  readonly previousSecretGrace?: Duration;
  /**
   * How many requests the API lets through, where a source has no throttle of its own.
   * @default 100 a second, 200 at once
   */
  readonly throttle?: Throttle;
  /**
   * What becomes of the events when the stack is deleted; `DESTROY` also takes the deletion protection off the table.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * The key that the table is encrypted with, in the table's region. The key's policy must leave it to IAM who uses the
   * key, as the CDK's own keys do.
   * @default DynamoDB's own, which costs nothing
   */
  readonly encryptionKey?: IKey;
  /**
   * How many requests the receiver works on at once, set aside for it from what the account has; the provider is asked
   * to send the others again.
   * @default as many as the account has left
   */
  readonly reservedConcurrency?: number;
  /**
   * A host name of your own, in place of the API's; with a certificate for it, and with a hosted zone for its records.
   * @default the API's own host name
   */
  readonly customDomain?: CustomDomainProps;
  /**
   * A web ACL that limits how often an address may call, and blocks what AWS's common rules know as an attack, but for
   * what they see in bodies.
   * @default none, since signatures keep strangers out: a flood costs money, but stores nothing
   */
  readonly waf?: WafProps | false;
  /**
   * Whether, and how, the API writes a line for every request, whatever becomes of it; without bodies, headers and query
   * strings.
   * @default a line a request, kept for a month, written with a role that is set for the account and region
   */
  readonly accessLogs?: AccessLogsProps | false;
  /**
   * Whether, and how, stored events go on to an event bus of the inbox's own; false leaves all of it out.
   * @default to a bus with an archive of 30 days
   */
  readonly forwarding?: ForwardingProps | false;
  /**
   * Who is told of trouble; false leaves out the alarms and the dashboard.
   * @default alarms and a dashboard, and nobody is told
   */
  readonly alarms?: AlarmsProps | false;
}

/** Who is told of trouble. */
export interface AlarmsProps {
  /**
   * Is told when an alarm goes off, and when it is over.
   * @default nobody is told; the alarms show in CloudWatch alone
   */
  readonly topic?: ITopic;
}

/** How stored events go on. */
export interface ForwardingProps {
  /**
   * How long the bus keeps events for replays.
   * @default 30 days
   */
  readonly archiveRetention?: Duration;
}

/**
 * An inbox for webhooks: a REST API, the function that verifies, validates and stores, a table for the events, and a
 * secret a source.
 */
export class WebhookInbox extends Construct {
  /** The table that holds the events. */
  readonly table: ITable;
  /** The URL that a source's provider is given, by the source's name. */
  readonly urls: ReadonlyMap<string, string>;
  /** The signing secret of a source, by the source's name; none where its provider signs with a certificate. */
  readonly secrets: ReadonlyMap<string, ISecret>;

  /** Where the DNS records of the custom domain must lead to; undefined where there is none. */
  readonly dnsTarget: string | undefined;
  /** Where stored events go on to; undefined where `forwarding` is false. */
  readonly forwarding: EventForwarding | undefined;

  /** @throws {Error} where a source is wrong; it says which, and what to change */
  constructor(scope: Construct, id: string, props: WebhookInboxProps) {
    super(scope, id);
    const { sources, retention = Duration.days(30), throttle = { rateLimit: 100, burstLimit: 200 } } = props;
    checkSources(sources);
    checkFault(validateRetention(retention) ?? validateThrottle(throttle) ?? validateEdge(props));
    const { customDomain, waf, accessLogs } = props;
    const { forwarding = {}, removalPolicy, encryptionKey, reservedConcurrency } = props;
    const { table } = new EventsTable(this, 'Events', {
      ...(removalPolicy && { removalPolicy }),
      stream: forwarding !== false,
      encryptionKey,
    });
    this.table = table;
    this.forwarding = forwarding === false ? undefined : this.forward(table, forwarding);
    const secrets = new SigningSecrets(this, 'Secrets', sources);
    this.secrets = secrets.bySource;
    const receiver = new ReceiverFunction(this, 'Receiver', {
      sources,
      secrets,
      table: this.table,
      retention,
      previousSecretGrace: props.previousSecretGrace ?? Duration.hours(24),
      reservedConcurrency,
      publicUrl: customDomain && publicUrlOf(customDomain),
    });
    const edge = { throttle, customDomain, waf, accessLogs };
    const { api, urls, dnsTarget } = new WebhookApi(this, 'Gateway', { sources, receiver: receiver.function, ...edge });
    this.urls = urls;
    this.dnsTarget = dnsTarget;
    const watched = { sources, api, receiver: receiver.function, table, forwarding: this.forwarding };
    const { alarms = {} } = props;
    if (alarms !== false) new Monitoring(this, 'Monitoring', { ...watched, topic: alarms.topic });
  }

  private forward(table: Table, { archiveRetention = Duration.days(30) }: ForwardingProps): EventForwarding {
    return new EventForwarding(this, 'Forwarding', { table, archiveRetention });
  }
}

function validateEdge({ sources, waf, customDomain }: WebhookInboxProps): string | undefined {
  return (waf ? validateWaf(waf) : undefined) ?? (customDomain && validateCustomDomain(customDomain, sources));
}

function checkFault(fault: string | undefined): void {
  if (fault) throw new Error(fault);
}
