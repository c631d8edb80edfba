import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ILogGroup } from 'aws-cdk-lib/aws-logs';
import type { IConstruct } from 'constructs';
import type { EventForwarding } from './functions/event-forwarding.ts';
import type { EventOverflow } from './functions/event-overflow.ts';
import type { StoreResources } from './functions/store-statements.ts';

/** What the commands for a deployed inbox use: its outputs name it, and `grantOperate` allows it. */
export interface InboxResources extends StoreResources, IConstruct {
  readonly inboxName: string;
  readonly urlPrefix: string;
  readonly receiver: IFunction;
  readonly logGroups: { readonly receiver: ILogGroup };
  readonly overflow: EventOverflow;
  readonly forwarding: EventForwarding | undefined;
  readonly encryptionKey: IKey | undefined;
}
