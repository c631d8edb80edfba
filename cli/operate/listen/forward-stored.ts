import { setTimeout as sleep } from 'node:timers/promises';
import type { EventItem } from '../../../lambda/events/event-item.ts';
import type { HandlerQueue, Wait } from '../../forwarding/handler-queue.ts';
import type { HandlerRequest } from '../../forwarding/handler-request.ts';
import type { ListenMark } from './listen-mark.ts';
import type { NewItem, TableStream } from './table-stream.ts';

/** How often the stream is read, in milliseconds. Lambda reads each shard four times a second. */
const POLL_MS = 1_000;
/** How many requests may wait for the handler before reading pauses. */
const MAX_UNSENT = 1_000;

/** What is forwarded, and how. */
export interface ForwardStoredOptions {
  readonly stream: TableStream;
  /** Items that are forwarded before those of the stream. @default - none */
  readonly earlier?: AsyncIterable<EventItem> | undefined;
  /** @returns undefined for an item that is not forwarded */
  readonly toRequest: (item: EventItem) => Omit<HandlerRequest, 'settled'> | undefined;
  readonly queue: HandlerQueue;
  readonly mark: ListenMark;
  /** Ends the forwarding. */
  readonly signal: AbortSignal;
  /** Called with an error after which reading goes on. */
  readonly failed: (error: unknown) => void;
  /** @default - a timer */
  readonly wait?: Wait;
}

/**
 * Forwards what is stored until it is ended, and then finishes the attempts in flight. It marks what the handler has got
 * after each reading, so whatever happens, an event is forwarded at least once.
 */
export async function forwardStored(options: ForwardStoredOptions): Promise<void> {
  const { stream, earlier, toRequest, queue, mark, signal, failed, wait = timer } = options;
  const sent = new Set<string>();
  // The scan itself counts until it has ended.
  let unsettled = earlier ? 1 : 0;
  let hasRead = false;

  try {
    await forwardEarlier();
    while (!signal.aborted) {
      await readOnce();
      save();
      await pause(POLL_MS);
    }
  } finally {
    await queue.stop();
    save();
  }

  async function forwardEarlier(): Promise<void> {
    for await (const item of earlier ?? []) {
      await room();
      if (signal.aborted) return;
      sent.add(keyOf(item));
      unsettled += 1;
      forward(item, () => {
        unsettled -= 1;
      });
    }
    if (earlier) unsettled -= 1;
  }

  /** @throws {Error} if the first reading fails */
  async function readOnce(): Promise<void> {
    try {
      const { items, failure } = await stream.poll();
      for (const each of items) await pass(each);
      if (failure !== undefined) throw failure;
      hasRead = true;
    } catch (error) {
      if (!hasRead) throw error;
      failed(error);
    }
  }

  async function pass({ item, settle }: NewItem): Promise<void> {
    await room();
    if (sent.has(keyOf(item))) settle();
    else forward(item, settle);
  }

  function forward(item: EventItem, settled: () => void): void {
    const request = toRequest(item);
    if (request) queue.add({ ...request, settled });
    else settled();
  }

  /** Waits until the queue has room. An item that it does not take after the end is read again the next time. */
  async function room(): Promise<void> {
    while (queue.waiting() >= MAX_UNSENT && !signal.aborted) await pause(POLL_MS);
  }

  /** The mark stays as it was until all earlier items are settled: it says nothing about them. */
  function save(): void {
    if (unsettled === 0) mark.write(stream.position());
  }

  async function pause(ms: number): Promise<void> {
    await wait(ms, signal).catch(() => undefined);
  }
}

const timer: Wait = (ms, signal) => sleep(ms, undefined, { signal });

/** An item that replaced an expired one is another. */
const keyOf = ({ id, received_at }: EventItem) => `${id} ${received_at}`;
