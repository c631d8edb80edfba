import { signal } from '@preact/signals';
import type { Delivery } from '../cli/deliveries/delivery-log.ts';
import type { DeliveryPage } from '../cli/deliveries/delivery-page.ts';
import { announce } from './announcement.tsx';
import { api } from './api.ts';
import { liveFrom } from './deliveries.ts';
import { type Between, type Conditions, conditionsOf, filter } from './filter.ts';
import { counted } from './format.ts';

/** What searches of the log have found. */
export interface Found extends Between {
  readonly conditions: Conditions;
  /** In the order of their time. */
  readonly deliveries: readonly Delivery[];
  /** The end of the window that is not searched yet; undefined if all of it is. */
  readonly next: number | undefined;
}

export const found = signal<Found | undefined>(undefined);
/** What the search that runs is doing; undefined if none runs. */
export const progress = signal<string | undefined>(undefined);
/** Why the last search failed. */
export const searchProblem = signal('');

let running = new AbortController();

/** Searches the log for the newest deliveries of the filter before those that are live. */
export async function search(window: Between): Promise<void> {
  const conditions = conditionsOf(filter.value);
  const to = Math.min(window.to, liveFrom.value);
  const page = await pageOf(conditions, { from: window.from, to });
  if (page) found.value = { ...page, conditions, from: window.from, to };
}

/** Goes on with the older deliveries of the last search. */
export async function searchOlder(): Promise<void> {
  const { value } = found;
  if (value?.next === undefined) return;
  const page = await pageOf(value.conditions, { from: value.from, to: value.next });
  if (!page) return;
  const has = new Set(value.deliveries.map(keyOf));
  const older = page.deliveries.filter((each) => !has.has(keyOf(each)));
  found.value = { ...value, deliveries: [...older, ...value.deliveries], next: page.next };
}

/** Stops the search that runs. */
export function cancelSearch(): void {
  running.abort();
}

const keyOf = ({ requestId, time }: Delivery) => `${requestId} ${time}`;

/** @returns undefined if the search failed, or was stopped */
async function pageOf(conditions: Conditions, window: Between): Promise<DeliveryPage | undefined> {
  running.abort();
  const own = new AbortController();
  running = own;
  progress.value = 'Searching the log';
  searchProblem.value = '';
  const onProgress = (text: string) => {
    if (running === own) progress.value = text;
  };
  try {
    const page = await api.search({ ...conditions, ...window }, { signal: own.signal, onProgress });
    announce(`The search found ${counted(page.deliveries.length, 'delivery', 'deliveries')}.`);
    return page;
  } catch (error) {
    if (!own.signal.aborted) searchProblem.value = (error as Error).message;
    return undefined;
  } finally {
    if (running === own) progress.value = undefined;
  }
}
