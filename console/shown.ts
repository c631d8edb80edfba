import { computed } from '@preact/signals';
import type { Delivery } from '../cli/deliveries/delivery-log.ts';
import { deliveryMatcher } from '../cli/deliveries/delivery-matcher.ts';
import { deliveries, isLive, liveFrom } from './deliveries.ts';
import { type Between, changeFilter, conditionsOf, type Filter, filter, isWithin, now } from './filter.ts';
import { found, search } from './search.ts';

/** All deliveries that the page has, the newest last: those that are live, and what searches have found. */
export const loaded = computed((): readonly Delivery[] => {
  const live = deliveries.value;
  return found.value ? [...found.value.deliveries.filter((each) => !isLive(each)), ...live] : live;
});

/** The window of the filter. */
const shownWindow = computed((): Between => {
  const { ms, between } = filter.value;
  return between ?? { from: ms === 0 ? liveFrom.value : now.value - ms, to: Number.POSITIVE_INFINITY };
});

/** The deliveries of the filter, the newest first. */
export const shown = computed(() => {
  const matches = deliveryMatcher({ ...conditionsOf(filter.value), ...shownWindow.value });
  return loaded.value.filter(matches).reverse();
});

/**
 * What of the filter's window the page has not loaded:
 * - `none`: it has all
 * - `older`: the last search has older deliveries
 * - `unsearched`: what is before the live deliveries
 */
export const missing = computed((): 'none' | 'older' | 'unsearched' => {
  const { from, to } = shownWindow.value;
  if (from >= liveFrom.value) return 'none';
  const { value } = found;
  const conditions = conditionsOf(filter.value);
  const isSearched =
    value !== undefined &&
    value.from <= from &&
    value.to >= Math.min(to, liveFrom.value) &&
    isWithin(conditions, value.conditions);
  if (!isSearched) return 'unsearched';
  if (value.next === undefined) return 'none';
  return isWithin(value.conditions, conditions) ? 'older' : 'unsearched';
});

/** Changes the time of the filter, and searches what the page does not have of it. */
export function changeTime(time: Pick<Filter, 'ms' | 'between'>): void {
  changeFilter({ between: undefined, ...time });
  now.value = Date.now();
  if (missing.value === 'unsearched') void searchShown();
}

/** Searches what the page does not have of the filter's window. */
export function searchShown(): Promise<void> {
  return search(shownWindow.value);
}

/** The types of the events that arrived, the most recent first. */
export const knownTypes = computed(() => {
  const types = new Set<string>();
  for (const { events } of loaded.value.slice(-2_000).reverse()) {
    for (const { type } of events) if (type !== undefined) types.add(type);
  }
  return [...types].slice(0, 50);
});

/** All deliveries of an event that the page has, the newest last. */
export function deliveriesOf(source: string, eventId: string): readonly Delivery[] {
  return loaded.value.filter((each) => each.source === source && each.events.some(({ id }) => id === eventId));
}
