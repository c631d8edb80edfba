import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { EventItem } from '../../../lambda/events/event-item.ts';
import { entryOf, toBusEntry } from '../../../lambda/forwarder/bus-entry.ts';
import { withAdvice } from '../../operate/aws-errors.ts';
import { type BusRule, busRules } from '../../operate/bus-rule.ts';
import { type DeployedOutputs, entryPlaces } from '../../operate/stack-outputs.ts';
import type { WithPayload } from '../delivery-log.ts';
import { matchesPattern } from './event-pattern.ts';

/** Where an event was forwarded to. */
export interface Forwarding {
  readonly busName: string;
  /** The rules that match it now, and those of which that is unknown. */
  readonly rules: readonly (BusRule & { readonly isCertain: boolean })[];
}

/**
 * Where an event of a deployed inbox was forwarded to, and which rules match it.
 * @returns undefined if the inbox does not forward events
 */
export async function forwardingOf(
  { item, payload }: WithPayload<EventItem>,
  outputs: DeployedOutputs,
): Promise<Forwarding | undefined> {
  const busName = outputs.BusName;
  if (!busName) return undefined;
  const places = entryPlaces(outputs);
  const { payload_encoding: _, ...rest } = item;
  const entry = entryOf(item.payload_object ? item : { ...rest, payload }, toBusEntry, places);
  const rules = await withAdvice(`read the rules of the bus ${busName}`, () =>
    busRules(new EventBridgeClient(), busName),
  );
  const event = entry && { source: entry.source, 'detail-type': entry.detailType, detail: JSON.parse(entry.detail) };
  const judged = rules.map((rule) => ({ ...rule, matches: event && matchesPattern(rule.pattern, event) }));
  const matching = judged.filter(({ matches }) => matches !== false);
  return { busName, rules: matching.map(({ matches, ...rule }) => ({ ...rule, isCertain: matches === true })) };
}
