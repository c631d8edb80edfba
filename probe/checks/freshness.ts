import { timeLike, valueAt, withValueAt } from '../place.ts';
import type { Prober } from '../prober.ts';
import { type Check, type Need, secret } from './check.ts';
import { type Case, mustRefuse, sendAll } from './judge.ts';

const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;
/** Longer than any receiver remembers event ids. */
const LONG_AGO_MS = 400 * DAY_MS;

const signedTime: Need = ({ sender }) => {
  const isKnown = sender.toleranceSeconds !== undefined || sender.timeAt !== undefined;
  return isKnown ? undefined : 'The check needs a signed timestamp: timestamp of --signature, or --time-field.';
};

const staleTimestamp: Check = {
  id: 'stale-timestamp',
  title: 'A request that was signed long ago is refused.',
  failedTitle: 'Requests are accepted long after they were signed',
  errorTitle: 'Requests that were signed long ago cause a server error',
  severity: 'high',
  why: 'Otherwise a captured request stays valid forever, and is processed again when its event id has expired.',
  fix: 'Refuse a signed timestamp older than the tolerance, and an event older than the retention of event ids.',
  requests: 2,
  needs: [secret, signedTime],
  run(prober) {
    const tolerance = (prober.sender.toleranceSeconds ?? 0) * SECOND_MS;
    return sendAll(prober, mustRefuse, [
      ...signedAt(prober, 'a request that was signed long ago', -tolerance - HOUR_MS),
      ...occurredAt(prober, 'an event from 400 days ago', -LONG_AGO_MS),
    ]);
  },
};

const futureTimestamp: Check = {
  id: 'future-timestamp',
  title: 'A request with a future timestamp is refused.',
  failedTitle: 'Requests with a future timestamp are accepted',
  errorTitle: 'Requests with a future timestamp cause a server error',
  severity: 'medium',
  why: 'Whoever creates such a request, or changes the clock of a sender, can use it long after the tolerance.',
  fix: 'Refuse a signed timestamp that is more than a few minutes ahead.',
  requests: 2,
  needs: [secret, signedTime],
  run: (prober) =>
    sendAll(prober, mustRefuse, [
      ...signedAt(prober, 'a request that was signed two days ahead', 2 * DAY_MS),
      ...occurredAt(prober, 'an event from two days ahead', 2 * DAY_MS),
    ]),
};

function signedAt(prober: Prober, what: string, offset: number): Case[] {
  if (prober.sender.toleranceSeconds === undefined) return [];
  const at = Date.now() + offset;
  const event = prober.event(at);
  return [{ what, request: prober.sign(event, { at }), options: { genuine: prober.sign(event) } }];
}

function occurredAt(prober: Prober, what: string, offset: number): Case[] {
  const { timeAt } = prober.sender;
  if (!timeAt) return [];
  const event = prober.event();
  const time = timeLike(valueAt(event, timeAt), Date.now() + offset);
  const request = prober.sign(withValueAt(event, timeAt, time));
  return [{ what, request, options: { genuine: prober.sign(event) } }];
}

export const freshnessChecks: readonly Check[] = [staleTimestamp, futureTimestamp];
