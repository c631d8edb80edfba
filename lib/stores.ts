import type { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { ExpiringTable } from './expiring-table.ts';
import type { StoreResources } from './functions/store-statements.ts';
import { PayloadBucket } from './payload-bucket.ts';
import { existingPayloads } from './payload-location.ts';
import type { WebhookInboxProps } from './webhook-inbox-props.ts';

/** The tables and the bucket: existing ones, or new ones. */
export function addStores(
  scope: Construct,
  props: WebhookInboxProps<string> & { readonly retention: Duration },
): StoreResources {
  const { sources, retention, removalPolicy, encryptionKey, forwarding } = props;
  const storage = { removalPolicy, encryptionKey };
  const stream = forwarding !== false;
  return {
    table: props.table ?? new ExpiringTable(scope, 'Events', { ...storage, stream }).table,
    quarantine: props.quarantineTable ?? new ExpiringTable(scope, 'Quarantine', storage).table,
    ...(existingPayloads(props.payloadBucket) ?? {
      payloadBucket: new PayloadBucket(scope, 'Payloads', { ...storage, sources, retention }).bucket,
      payloadPrefix: '',
    }),
  };
}
