import { computed, signal } from '@preact/signals';
import type { Delivery } from '../cli/deliveries/delivery-log.ts';
import { deliveryMatcher } from '../cli/deliveries/delivery-matcher.ts';
import type { Outcome } from '../lambda/telemetry/delivery-report.ts';
import { API, api } from './api.ts';

/** What the list shows; an empty text is no condition. */
export interface Filter {
  readonly text: string;
  readonly source: string;
  /** A pattern such as `invoice.*`. */
  readonly type: string;
  readonly outcome: Outcome | '';
  /** How far back, in milliseconds; 0 for all. */
  readonly ms: number;
}

export const NO_FILTER: Filter = { text: '', source: '', type: '', outcome: '', ms: 0 };

/** The most deliveries that the page keeps: the newest. */
const MAX_KEPT = 10_000;

/** How long deliveries are collected before the page shows them, in milliseconds. */
const COLLECT_MS = 100;

/** All deliveries, the newest last. */
export const deliveries = signal<readonly Delivery[]>([]);
/** Whether new deliveries arrive at once. */
export const connection = signal<'connecting' | 'live' | 'lost'>('connecting');
/** Why deliveries cannot be read. */
export const failure = signal('');
export const filter = signal(NO_FILTER);
/** The current time, which moves the beginning of what is shown. */
export const now = signal(Date.now());

/** The deliveries of the filter, the newest first. */
export const shown = computed(() => {
  const { text, source, type, outcome, ms } = filter.value;
  const matches = deliveryMatcher({
    from: ms === 0 ? 0 : now.value - ms,
    text: text || undefined,
    sources: source ? [source] : undefined,
    types: type ? [type.includes('*') ? type : `${type}*`] : undefined,
    outcomes: outcome ? [outcome] : undefined,
  });
  return deliveries.value.filter(matches).reverse();
});

/** The types of the events that arrived, the most recent first. */
export const knownTypes = computed(() => {
  const types = new Set<string>();
  for (const { events } of deliveries.value.slice(-2_000).reverse()) {
    for (const { type } of events) if (type !== undefined) types.add(type);
  }
  return [...types].slice(0, 50);
});

/** All deliveries of an event, the newest last. */
export function deliveriesOf(source: string, eventId: string): readonly Delivery[] {
  return deliveries.value.filter((each) => each.source === source && each.events.some(({ id }) => id === eventId));
}

/** The request ids of what has arrived: after a lost connection, the server repeats the last ones. */
const known = new Set<string>();

/** Follows the deliveries of the inbox, for as long as the page is open. */
export function followDeliveries(): void {
  const waiting: Delivery[] = [];
  const show = () => {
    deliveries.value = [...deliveries.value, ...waiting.splice(0)].slice(-MAX_KEPT);
  };
  const stream = new EventSource(`${API}/deliveries`);
  stream.addEventListener('open', () => {
    connection.value = 'live';
    failure.value = '';
  });
  stream.addEventListener('error', () => {
    connection.value = 'lost';
    // A browser connects again, unless the server refuses. Asking for anything tells why.
    if (stream.readyState === EventSource.CLOSED)
      void api.inbox().then(
        () => setTimeout(followDeliveries, 1_000),
        () => undefined,
      );
  });
  stream.addEventListener('failure', ({ data }) => {
    failure.value = JSON.parse(data).message;
  });
  stream.addEventListener('deliveries', ({ data }) => {
    const fresh = (JSON.parse(data) as Delivery[]).filter(({ requestId }) => !known.has(requestId));
    for (const { requestId } of fresh) known.add(requestId);
    if (fresh.length > 0 && waiting.length === 0) setTimeout(show, COLLECT_MS);
    waiting.push(...fresh);
  });
}

setInterval(() => {
  now.value = Date.now();
}, 5_000);
