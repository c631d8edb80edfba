import { signal } from '@preact/signals';
import type { Delivery } from '../cli/deliveries/delivery-log.ts';
import { API, api } from './api.ts';
import { inbox, loadInbox } from './inbox.ts';

/** The most deliveries that the page keeps: the newest. */
const MAX_KEPT = 10_000;

/** How long deliveries are collected before the page shows them, in milliseconds. */
const COLLECT_MS = 100;

/** How long after a failure the page tries again, in milliseconds. */
const RETRY_MS = 30_000;

/** How much of a deployed inbox's log is searched although it is live, in milliseconds, so that there is no gap. */
const OVERLAP_MS = 5_000;

/** The deliveries that are live: of the last hour or so, and those that arrive; the newest last. */
export const deliveries = signal<readonly Delivery[]>([]);
/** From when on all deliveries are live, in epoch milliseconds; 0 if all that is kept is. */
export const liveFrom = signal(0);
/** Whether the first deliveries were listed. */
export const isListed = signal(false);
/** Whether new deliveries arrive at once. */
export const connection = signal<'connecting' | 'live' | 'lost'>('connecting');
/** Why deliveries cannot be read. */
export const failure = signal('');

/** The request ids of what has arrived: after a lost connection, the server repeats the last ones. */
const known = new Set<string>();

/** Whether a delivery is live. */
export const isLive = ({ requestId }: Delivery): boolean => known.has(requestId);

let stream: EventSource | undefined;
let retry = 0;

/** Loads the inbox, and follows its deliveries. */
export async function openInbox(): Promise<void> {
  if (await loadInbox()) followDeliveries();
}

/** Follows the deliveries of the inbox, for as long as the page is open. */
function followDeliveries(): void {
  clearTimeout(retry);
  stream?.close();
  const { listedMs } = inbox.value ?? {};
  if (listedMs !== undefined && liveFrom.value === 0) liveFrom.value = Date.now() - listedMs + OVERLAP_MS;
  const waiting: Delivery[] = [];
  const opened = new EventSource(`${API}/deliveries`);
  stream = opened;
  opened.addEventListener('open', () => {
    connection.value = 'live';
  });
  opened.addEventListener('error', () => {
    connection.value = 'lost';
    // A browser connects again, unless the server refuses. Asking for anything tells why.
    if (opened.readyState === EventSource.CLOSED)
      void api.inbox().then(
        () => setTimeout(followDeliveries, 1_000),
        () => undefined,
      );
  });
  opened.addEventListener('failure', ({ data }) => {
    opened.close();
    failure.value = JSON.parse(data).message;
    connection.value = 'lost';
    retry = Number(setTimeout(followDeliveries, RETRY_MS));
  });
  opened.addEventListener('listed', () => {
    show(waiting.splice(0));
    isListed.value = true;
    failure.value = '';
  });
  opened.addEventListener('deliveries', ({ data }) => {
    const fresh = (JSON.parse(data) as Delivery[]).filter((each) => !isLive(each));
    for (const { requestId } of fresh) known.add(requestId);
    if (fresh.length > 0 && waiting.length === 0) setTimeout(() => show(waiting.splice(0)), COLLECT_MS);
    waiting.push(...fresh);
  });
}

function show(fresh: readonly Delivery[]): void {
  if (fresh.length === 0) return;
  const all = [...deliveries.value, ...fresh];
  deliveries.value = all.slice(-MAX_KEPT);
  const [oldest] = deliveries.value;
  if (all.length > MAX_KEPT && liveFrom.value > 0 && oldest) liveFrom.value = oldest.time;
}
