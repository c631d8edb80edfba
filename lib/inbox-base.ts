import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct, IConstruct } from 'constructs';
import { constructId } from './construct-id.ts';
import { EventRule, type OnEventProps, validateTypes } from './event-rule.ts';
import type { AlarmActions } from './monitoring/alarms-props.ts';
import { InboxMetrics, type SourceMetricName } from './monitoring/inbox-metrics.ts';
import { grantRead } from './read-grant.ts';

/**
 * An inbox as its consumers use it: one of the app, or one that `WebhookInbox.fromAttributes` imports. `WebhookInbox`
 * describes its members.
 */
export interface IWebhookInbox
  extends IConstruct,
    Pick<InboxMetrics, 'inboxName' | `metric${SourceMetricName}`>,
    Pick<InboxBase, 'table' | 'payloadBucket' | 'payloadPrefix' | 'bus' | 'encryptionKey' | 'onEvent' | 'grantRead'> {}

/** What an inbox of the app and an imported one have in common. */
export abstract class InboxBase extends InboxMetrics {
  /** Table of the events. */
  abstract readonly table: ITable;
  /** Bucket of the payloads that are too large for an item. */
  abstract readonly payloadBucket: IBucket;
  /** What the keys of the inbox's objects in that bucket begin with; may be empty. */
  abstract readonly payloadPrefix: string;
  /** Event bus for the rules of consumers; `undefined` if the inbox does not forward events. */
  abstract readonly bus: IEventBus | undefined;
  /** Key that encrypts the inbox; `undefined` if it has none. */
  abstract readonly encryptionKey: IKey | undefined;
  /** Actions of the alarms of `onEvent`; `false` for no alarms. */
  protected abstract readonly alarmsProps: AlarmActions | false;
  /** What to do if the inbox has no bus. */
  protected abstract readonly withoutBus: string;

  /**
   * Sends events of a source to a target: adds a rule to the bus, a dead-letter queue for the events that the target does
   * not take within 24 hours, and an alarm on that queue unless the inbox has no alarms.
   *
   * ```ts
   * inbox.onEvent('stripe-eu', { types: ['invoice.*'], target: new LambdaFunction(consumer) });
   * ```
   * @param source name of the source
   * @throws {Error} if there is no such source, the inbox does not forward events, or an option is invalid; the message
   * says how to fix it
   */
  onEvent(source: string, props: OnEventProps): EventRule {
    const { types, target, crossStackScope: scope = this, id = `On${constructId(source)}` } = props;
    const message = this.validateSourceName(source) ?? validateTypes(types) ?? validateId(scope, id);
    if (message) throw new Error(`onEvent('${source}'): ${message}`);
    const { bus, encryptionKey, alarmsProps: alarm } = this;
    if (!bus) throw new Error(`onEvent('${source}'): the inbox has no bus; ${this.withoutBus}.`);
    return new EventRule(scope, id, { source, types, target, bus, encryptionKey, alarm });
  }

  /**
   * Lets a consumer read the payloads that are too large for the bus, as `readPayload` does: single items of the events
   * table, and objects of the payload bucket. With an `encryptionKey`, it may decrypt these.
   * @param consumer a function, a role, or another principal of this account
   */
  grantRead(consumer: IGrantable): Grant {
    return grantRead(consumer, this);
  }
}

function validateId(scope: Construct, id: string): string | undefined {
  if (!scope.node.tryFindChild(id)) return undefined;
  return `there is already a construct "${id}"; give this rule another id, such as id: '${id}Refunds'.`;
}
