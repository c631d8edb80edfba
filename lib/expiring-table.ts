import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** Options of a table. */
export interface ExpiringTableProps {
  /**
   * Removal policy of the table. The table has deletion protection unless the policy is `DESTROY`.
   * @default RemovalPolicy.RETAIN
   */
  readonly removalPolicy?: RemovalPolicy | undefined;
  /**
   * Whether the table has a stream, which forwarding reads.
   * @default false
   */
  readonly stream?: boolean;
  /**
   * KMS key that encrypts the table, in the table's region.
   * @default - a key that DynamoDB owns, free of charge
   */
  readonly encryptionKey?: IKey | undefined;
}

/** A DynamoDB table of items by `id`, each of which is kept until its `expires_at`: the events, or the quarantine. */
export class ExpiringTable extends Construct {
  readonly table: Table;

  constructor(
    scope: Construct,
    id: string,
    { removalPolicy = RemovalPolicy.RETAIN, stream = false, encryptionKey }: ExpiringTableProps = {},
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
