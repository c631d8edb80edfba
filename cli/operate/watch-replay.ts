import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeReplayCommand,
  type DescribeReplayCommandOutput,
  type EventBridgeClient,
} from '@aws-sdk/client-eventbridge';
import { progressOf } from '../progress.ts';

/** The result of watching a replay: its final state, or `INTERRUPTED` if watching stopped before. */
export interface ReplayResult {
  readonly state: 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'INTERRUPTED';
  /** The reason that EventBridge gives. */
  readonly reason?: string | undefined;
}

/** Options of watching a replay. */
export interface WatchOptions {
  /**
   * Milliseconds between two requests. EventBridge replays the events of a minute at a time, and allows 50 requests a
   * second.
   * @default 5000
   */
  readonly pollMs?: number;
  /** Stops watching; the replay continues. */
  readonly signal: AbortSignal;
}

const POLL_MS = 5_000;

/** Waits for the end of a replay, and shows its progress through the window on standard error. */
export async function watchReplay(
  client: EventBridgeClient,
  name: string,
  { pollMs = POLL_MS, signal }: WatchOptions,
): Promise<ReplayResult> {
  const progress = progressOf();
  try {
    return await follow(client, name, { pollMs, signal, show: progress.show });
  } catch (error) {
    if (!signal.aborted) throw error;
    return { state: 'INTERRUPTED' };
  } finally {
    progress.end();
  }
}

interface FollowOptions extends Required<WatchOptions> {
  readonly show: (text: string) => void;
}

async function follow(client: EventBridgeClient, name: string, options: FollowOptions): Promise<ReplayResult> {
  const { pollMs, signal, show } = options;
  const describe = () => client.send(new DescribeReplayCommand({ ReplayName: name }), { abortSignal: signal });
  for (let replay = await describe(); ; replay = await describe()) {
    const { State: state, StateReason: reason } = replay;
    show(progressText(replay));
    if (state === 'COMPLETED' || state === 'FAILED' || state === 'CANCELLED') return { state, reason };
    await sleep(pollMs, undefined, { signal });
  }
}

/** Such as `RUNNING: up to 2026-11-23T09:00:00.000Z, 50 %`. */
function progressText(replay: DescribeReplayCommandOutput): string {
  const { State, EventStartTime: from, EventEndTime: to, EventLastReplayedTime: at } = replay;
  if (!from || !to || !at) return `${State}`;
  const part = (at.getTime() - from.getTime()) / (to.getTime() - from.getTime());
  return `${State}: up to ${at.toISOString()}, ${Math.floor(100 * part)} %`;
}
