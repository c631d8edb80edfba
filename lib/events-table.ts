import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** What an events table may be told. */
export interface EventsTableProps {
  /**
   * What becomes of the table when its stack is deleted; unless it is `DESTROY`, the table is protected from deletion.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy;
  /** Whether the table tells of its changes in a stream, for delivery. @default false */
  readonly stream?: boolean;
  /** The key that the table is encrypted with, in the table's region. @default DynamoDB's own, which costs nothing */
  readonly encryptionKey?: IKey | undefined;
}

/** The table that holds one item an event, until the item's `expires_at`. */
export class EventsTable extends Construct {
  readonly table: Table;

  constructor(
    scope: Construct,
    id: string,
    { removalPolicy = RemovalPolicy.RETAIN, stream = false, encryptionKey }: EventsTableProps = {},
  ) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expires_at',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      ...(encryptionKey
        ? { encryption: TableEncryption.CUSTOMER_MANAGED, encryptionKey }
        : { encryption: TableEncryption.DEFAULT }),
      deletionProtection: removalPolicy !== RemovalPolicy.DESTROY,
      removalPolicy,
      ...(stream && { stream: StreamViewType.NEW_AND_OLD_IMAGES }),
    });
  }
}
