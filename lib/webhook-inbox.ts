import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import type { ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { EventDelivery } from './event-delivery.ts';
import { EventsTable } from './events-table.ts';
import { ReceiverFunction } from './receiver-function.ts';
import { SigningSecrets } from './signing-secrets.ts';
import { checkSources, type SourcesProps } from './sources.ts';
import { type Throttle, WebhookApi } from './webhook-api.ts';

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
   * How many requests the API lets through, all sources together.
   * @default 100 a second, 200 at once
   */
  readonly throttle?: Throttle;
  /**
   * What becomes of the events when the stack is deleted; `DESTROY` also takes the deletion protection off the table.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /**
   * Whether, and how, stored events go on to an event bus of the inbox's own; false leaves all of it out.
   * @default to a bus with an archive of 30 days
   */
  readonly delivery?: DeliveryProps | false;
}

/** How stored events go on. */
export interface DeliveryProps {
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

  /** Where stored events go on to; undefined where `delivery` is false. */
  readonly delivery: EventDelivery | undefined;

  /** @throws {Error} where a source is wrong; it says which, and what to change */
  constructor(scope: Construct, id: string, props: WebhookInboxProps) {
    super(scope, id);
    const { sources, retention = Duration.days(30), throttle = { rateLimit: 100, burstLimit: 200 } } = props;
    checkSources(sources);
    checkRetention(retention);
    const { delivery = {}, removalPolicy } = props;
    const { table } = new EventsTable(this, 'Events', {
      ...(removalPolicy && { removalPolicy }),
      stream: delivery !== false,
    });
    this.table = table;
    this.delivery = delivery === false ? undefined : this.deliver(table, delivery);
    const secrets = new SigningSecrets(this, 'Secrets', sources);
    this.secrets = secrets.bySource;
    const receiver = new ReceiverFunction(this, 'Receiver', {
      sources,
      secrets,
      table: this.table,
      retention,
      previousSecretGrace: props.previousSecretGrace ?? Duration.hours(24),
    });
    this.urls = new WebhookApi(this, 'Gateway', { sources, throttle, receiver: receiver.function }).urls;
  }

  private deliver(table: Table, { archiveRetention = Duration.days(30) }: DeliveryProps): EventDelivery {
    return new EventDelivery(this, 'Delivery', { table, archiveRetention });
  }
}

/** The clocks of providers differ by minutes; below that, genuine events would be refused as too old. */
function checkRetention(retention: Duration): void {
  if (retention.toSeconds() >= 3600) return;
  throw new Error(`retention must be an hour at least, not ${retention.toSeconds()} seconds.`);
}
