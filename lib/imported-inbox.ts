import { type ITable, Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus, type IEventBus } from 'aws-cdk-lib/aws-events';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { InboxBase } from './inbox-base.ts';
import type { AlarmActions } from './monitoring/alarms-props.ts';
import { validatePrefix } from './payload-location.ts';

/**
 * Attributes of an inbox that exists. The output of every inbox has the names, in JSON:
 * docs/consumers.md#inbox-of-another-app.
 */
export interface WebhookInboxAttributes {
  /** Name of the inbox, `InboxName` in its output: such as `WebhookInbox/Inbox`. */
  readonly inboxName: string;
  /** Name of the events table, `TableName` in the output. */
  readonly tableName: string;
  /** Name of the bucket of large payloads, `PayloadBucketName` in the output. */
  readonly payloadBucketName: string;
  /**
   * What the keys of the inbox's objects in that bucket begin with, `PayloadPrefix` in the output, if it is there.
   * @default - `grantRead` allows to read all objects of the bucket
   */
  readonly payloadPrefix?: string;
  /**
   * Name of the event bus, `BusName` in the output.
   * @default - the inbox does not forward events, and `onEvent` throws
   */
  readonly busName?: string;
  /**
   * Key that encrypts the inbox. `grantRead` allows to decrypt with it, and it encrypts the dead-letter queues of
   * `onEvent`. The policy of an imported key needs the statement of docs/operations.md#encryption-key for `onEvent`.
   * @default - keys of AWS
   */
  readonly encryptionKey?: IKey;
  /**
   * Names of the sources. With them, a method that is given another name throws. Without them, every name is accepted,
   * and a rule for a source that the inbox does not have matches nothing.
   * @default - unknown
   */
  readonly sources?: readonly string[];
  /**
   * Actions of the alarms of `onEvent`. `false` disables these alarms.
   * @default - alarms without actions
   */
  readonly alarms?: AlarmActions | false;
}

/** An inbox of another app. Rules, dead-letter queues and alarms of `onEvent` are in the stack that imports it. */
export class ImportedInbox extends InboxBase {
  readonly inboxName: string;
  readonly table: ITable;
  readonly payloadBucket: IBucket;
  readonly payloadPrefix: string;
  readonly bus: IEventBus | undefined;
  readonly encryptionKey: IKey | undefined;
  protected readonly sourceNames: readonly string[] | undefined;
  protected readonly alarmsProps: AlarmActions | false;
  protected readonly withoutBus = 'give its busName to fromAttributes';

  /** @throws {Error} if an attribute is invalid */
  constructor(scope: Construct, id: string, attributes: WebhookInboxAttributes) {
    super(scope, id);
    const { inboxName, tableName, payloadBucketName: bucketName, busName, encryptionKey, sources } = attributes;
    const message = validateAttributes(attributes);
    if (message) throw new Error(message);
    const encryption = encryptionKey && { encryptionKey };
    this.inboxName = inboxName;
    this.table = Table.fromTableAttributes(this, 'Events', { tableName, ...encryption });
    this.payloadBucket = Bucket.fromBucketAttributes(this, 'Payloads', { bucketName, ...encryption });
    this.payloadPrefix = attributes.payloadPrefix ?? '';
    this.bus = busName === undefined ? undefined : EventBus.fromEventBusName(this, 'Bus', busName);
    this.encryptionKey = encryptionKey;
    this.sourceNames = sources;
    this.alarmsProps = attributes.alarms ?? {};
  }
}

function validateAttributes({ sources, ...attributes }: WebhookInboxAttributes): string | undefined {
  const { inboxName, tableName, payloadBucketName, busName } = attributes;
  const empty = Object.entries({ inboxName, tableName, payloadBucketName, busName }).find(([, name]) => name === '');
  const prefix = validatePrefix(attributes.payloadPrefix ?? '');
  if (prefix) return prefix.replace('payloadBucket.prefix', 'payloadPrefix');
  if (empty) return `${empty[0]} is empty; the output of the inbox has it.`;
  return sources?.length === 0 ? 'sources is empty; leave it out if the names are unknown.' : undefined;
}
