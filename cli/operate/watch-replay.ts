import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeReplayCommand,
  type DescribeReplayCommandOutput,
  type EventBridgeClient,
} from '@aws-sdk/client-eventbridge';
import { progressOf } from '../progress.ts';

/** How a replay ended, or `INTERRUPTED` where only its watching did. */
export interface ReplayEnd {
  readonly state: 'COMPLETED' | 'FAILED' | 'CANCELLED' | 'INTERRUPTED';
  /** EventBridge's words. */
  readonly reason?: string | undefined;
}

/** How to watch. */
export interface WatchOptions {
  /** Between two questions. EventBridge replays a minute's events at a time, and allows 50 such questions a second. */
  readonly pollMs?: number;
  /** Ends the watching; the replay goes on. */
  readonly signal: AbortSignal;
}

const POLL_MS = 5_000;

/** Follows a replay to its end, and shows on standard error how far it is through its window. */
export async function watchReplay(
  client: EventBridgeClient,
  name: string,
  { pollMs = POLL_MS, signal }: WatchOptions,
): Promise<ReplayEnd> {
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

async function follow(client: EventBridgeClient, name: string, options: FollowOptions): Promise<ReplayEnd> {
  const { pollMs, signal, show } = options;
  const describe = () => client.send(new DescribeReplayCommand({ ReplayName: name }), { abortSignal: signal });
  for (let replay = await describe(); ; replay = await describe()) {
    const { State: state, StateReason: reason } = replay;
    show(placeOf(replay));
    if (state === 'COMPLETED' || state === 'FAILED' || state === 'CANCELLED') return { state, reason };
    await sleep(pollMs, undefined, { signal });
  }
}

/** Such as `RUNNING: up to 2026-11-23T09:00:00.000Z, 50 %`. */
function placeOf(replay: DescribeReplayCommandOutput): string {
  const { State, EventStartTime: from, EventEndTime: to, EventLastReplayedTime: at } = replay;
  if (!from || !to || !at) return `${State}`;
  const part = (at.getTime() - from.getTime()) / (to.getTime() - from.getTime());
  return `${State}: up to ${at.toISOString()}, ${Math.floor(100 * part)} %`;
}
