import type { Sources } from '../../../lambda/receiver/source.ts';
import type { Stores } from '../../../lambda/storage/store-judgement.ts';
import type { PayloadObjects } from './payload-objects.ts';
import type { QuarantineTable } from './quarantine-table.ts';

/** An inbox, deployed or local, as the commands of its quarantine use it. */
export interface InboxAccess {
  readonly quarantine: QuarantineTable;
  readonly payloads: PayloadObjects;
  /**
   * What it takes to store events as the receiver does. It is read only for accepting, which needs more permissions.
   * @throws {UsageError} if the receiver's configuration cannot be read
   */
  readonly openReceiver: () => Promise<ReceiverAccess>;
}

/** The receiver's sources, and where it stores events. */
export interface ReceiverAccess extends Stores {
  readonly sources: Sources;
}
