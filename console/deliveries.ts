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

/** The request ids of what is live: after a lost connection, the server repeats the last ones. */
const known = new Set<string>();

/** The time of the newest delivery that is no longer kept. */
let droppedTo = Number.NEGATIVE_INFINITY;

/** Since when nothing has arrived; infinite if that is not known. */
let lostAt = Number.POSITIVE_INFINITY;

/** Whether a delivery is live. */
export const isLive = ({ requestId }: Delivery): boolean => known.has(requestId);

let stream: EventSource | undefined;
let retry = 0;

/** Loads the inbox, and follows its deliveries. */
export async function openInbox(): Promise<void> {
  if (await loadInbox()) followDeliveries();
}

/** The server lists so much again. What came in a longer interruption is not live. */
function beginLive(listedMs: number | undefined): void {
  if (listedMs === undefined) return;
  const start = Date.now() - listedMs + OVERLAP_MS;
  if (liveFrom.value === 0 || lostAt < start) liveFrom.value = start;
}

/** Follows the deliveries of the inbox, for as long as the page is open. */
function followDeliveries(): void {
  clearTimeout(retry);
  stream?.close();
  beginLive(inbox.value?.listedMs);
  const waiting: Delivery[] = [];
  const opened = new EventSource(`${API}/deliveries`);
  stream = opened;
  opened.addEventListener('open', () => {
    connection.value = 'live';
  });
  const lose = () => {
    connection.value = 'lost';
    lostAt = Math.min(lostAt, Date.now());
  };
  opened.addEventListener('error', () => {
    lose();
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
    lose();
    retry = Number(setTimeout(followDeliveries, RETRY_MS));
  });
  opened.addEventListener('listed', () => {
    show(waiting.splice(0));
    isListed.value = true;
    failure.value = '';
    lostAt = Number.POSITIVE_INFINITY;
  });
  opened.addEventListener('deliveries', ({ data }) => {
    const fresh = (JSON.parse(data) as Delivery[]).filter((each) => each.time > droppedTo && !isLive(each));
    for (const { requestId } of fresh) known.add(requestId);
    if (fresh.length > 0 && waiting.length === 0) setTimeout(() => show(waiting.splice(0)), COLLECT_MS);
    waiting.push(...fresh);
  });
}

function show(fresh: readonly Delivery[]): void {
  if (fresh.length === 0) return;
  const all = [...deliveries.value, ...fresh];
  drop(all.slice(0, -MAX_KEPT));
  deliveries.value = all.slice(-MAX_KEPT);
}

/** What is dropped is no longer live, so that a search shows it. */
function drop(dropped: readonly Delivery[]): void {
  for (const { requestId, time } of dropped) {
    known.delete(requestId);
    droppedTo = Math.max(droppedTo, time);
  }
  if (liveFrom.value > 0) liveFrom.value = Math.max(liveFrom.value, droppedTo + 1);
}
