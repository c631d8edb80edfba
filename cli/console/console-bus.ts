import type { EventItem } from '../../lambda/events/event-item.ts';
import type { WithPayload } from '../deliveries/delivery-log.ts';
import { forwardingOf } from '../deliveries/inspect/forwarding-of.ts';
import { withAdvice } from '../operate/aws-errors.ts';
import { type RedeliveryResult, redelivery } from '../operate/redelivery.ts';
import { type DeployedOutputs, forwardingOutputs } from '../operate/stack-outputs.ts';
import type { MatchingRule } from './api.ts';

/** The event bus of a deployed inbox. */
export interface ConsoleBus {
  readonly name: string;
  /**
   * The rules that match an event now.
   * @throws {UsageError} if they may not be read
   */
  readonly rulesFor: (stored: WithPayload<EventItem>) => Promise<readonly MatchingRule[]>;
  /**
   * Puts a stored event on the bus again, for every rule that matches.
   * @param id the item's
   * @returns undefined if the table has no such item
   * @throws {UsageError} if it may not be put
   */
  readonly redeliver: (id: string) => Promise<RedeliveryResult | undefined>;
}

/** Opens the bus of an inbox. @returns undefined if the inbox does not forward events */
export function consoleBus(outputs: DeployedOutputs): ConsoleBus | undefined {
  const { BusName: name } = outputs;
  if (!name) return undefined;
  const put = redelivery(forwardingOutputs(outputs), false);
  return {
    name,
    async rulesFor(stored) {
      const forwarding = await forwardingOf(stored, outputs);
      return (forwarding?.rules ?? []).map(({ name: rule, isEnabled, isCertain, targets }) => ({
        name: rule,
        isEnabled,
        isCertain,
        targets,
      }));
    },
    redeliver: (id) => withAdvice('put the event on the bus', () => put(id)),
  };
}
