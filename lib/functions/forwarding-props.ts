import { Duration } from 'aws-cdk-lib';
import type { IEventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import {
  EventForwarding,
  type EventForwardingProps,
  validateArchive,
  validateParallelizationFactor,
} from './event-forwarding.ts';

/** Options of forwarding. */
export interface ForwardingProps {
  /**
   * Existing bus for the events, in the inbox's account and region: the `default` one too. The `source` of each event
   * begins with `webhook-inbox.`, and inboxes that share a bus need sources with different names. If the bus has a key,
   * the key's policy must let EventBridge use it.
   * @default - a new bus
   */
  readonly bus?: IEventBus;
  /**
   * Whether the bus has an archive of the inbox's events. Without one, `webhook-inbox replay` cannot replay them.
   * @default true
   */
  readonly archive?: boolean;
  /**
   * How long the bus's archive keeps events for replays.
   * @default Duration.days(30)
   */
  readonly archiveRetention?: Duration;
  /**
   * How many batches of a shard of the table's stream are forwarded at the same time: 1 to 10. With more than one, events
   * reach the bus in any order.
   * @default 1
   */
  readonly parallelizationFactor?: number;
}

/** Adds forwarding with its defaults; nothing if it is `false`. */
export function addForwarding(
  scope: Construct,
  forwarding: ForwardingProps | false,
  others: Omit<EventForwardingProps, 'bus' | 'archiveRetention' | 'parallelizationFactor'>,
): EventForwarding | undefined {
  if (!forwarding) return undefined;
  const { bus, archive = true, archiveRetention = Duration.days(30), parallelizationFactor = 1 } = forwarding;
  const retention = archive ? archiveRetention : undefined;
  return new EventForwarding(scope, 'Forwarding', {
    ...others,
    bus,
    archiveRetention: retention,
    parallelizationFactor,
  });
}

/**
 * Validates the options of forwarding.
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateForwarding({
  archive,
  archiveRetention,
  parallelizationFactor,
}: ForwardingProps): string | undefined {
  return validateArchive(archive, archiveRetention) ?? validateParallelizationFactor(parallelizationFactor);
}
