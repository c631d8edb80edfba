import { signal } from '@preact/signals';
import type { DeliveryQuery } from '../cli/deliveries/delivery-log.ts';
import type { Outcome } from '../lambda/telemetry/delivery-report.ts';

/** What the list shows; an empty text is no condition. */
export interface Filter {
  readonly text: string;
  readonly source: string;
  /** A pattern such as `invoice.*`. */
  readonly type: string;
  readonly outcome: Outcome | '';
  /** How far back, in milliseconds; 0 for all that is live. */
  readonly ms: number;
  /** A window that replaces `ms`. */
  readonly between?: Between | undefined;
}

/** A window of time. */
export interface Between {
  /** Epoch milliseconds; the first time. */
  readonly from: number;
  /** Epoch milliseconds; the time after the last. */
  readonly to: number;
}

/** The conditions of a filter but its time. */
export type Conditions = Pick<DeliveryQuery, 'text' | 'sources' | 'types' | 'outcomes'>;

export const NO_FILTER: Filter = { text: '', source: '', type: '', outcome: '', ms: 0 };

export const filter = signal(NO_FILTER);

/** The current time, which moves the beginning of what is shown. */
export const now = signal(Date.now());

setInterval(() => {
  now.value = Date.now();
}, 5_000);

/** Changes some conditions. */
export function changeFilter(changed: Partial<Filter>): void {
  filter.value = { ...filter.value, ...changed };
}

/** The conditions that a log understands. A type without `*` is the beginning of one. */
export function conditionsOf({ text, source, type, outcome }: Filter): Conditions {
  return {
    ...(text && { text }),
    ...(source && { sources: [source] }),
    ...(type && { types: [type.includes('*') ? type : `${type}*`] }),
    ...(outcome && { outcomes: [outcome] }),
  };
}

/** Whether everything that matches some conditions matches others too. */
export function isWithin(conditions: Conditions, wider: Conditions): boolean {
  const names = Object.keys(wider) as (keyof Conditions)[];
  return names.every((name) => String(wider[name]) === String(conditions[name]));
}
