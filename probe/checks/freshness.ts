import { timeLike, valueAt, withValueAt } from '../place.ts';
import type { Prober } from '../prober.ts';
import { type Check, type Need, secret } from './check.ts';
import { type Case, refused, sendAll } from './judge.ts';

const SECOND_MS = 1000;
const HOUR_MS = 3600 * SECOND_MS;
const DAY_MS = 24 * HOUR_MS;
/** Older than anyone keeps events to know them again. */
const LONG_AGO_MS = 400 * DAY_MS;

const signedTime: Need = ({ sender }) => {
  const isKnown = sender.toleranceSeconds !== undefined || sender.timeAt !== undefined;
  return isKnown ? undefined : 'Needs a time that is signed: timestamp of --signature, or --time-field.';
};

const staleTimestamp: Check = {
  id: 'stale-timestamp',
  title: 'A request that was signed long ago is refused.',
  severity: 'high',
  why: 'A captured request stays valid for ever, and is processed again once its event is forgotten.',
  fix: 'Refuse a signed time that is older than the tolerance, and an event that is older than the table remembers.',
  requests: 2,
  needs: [secret, signedTime],
  run: (prober) =>
    sendAll(prober, refused, [
      ...signedAt(
        prober,
        'a request that was signed long ago',
        -(prober.sender.toleranceSeconds ?? 0) * SECOND_MS - HOUR_MS,
      ),
      ...happenedAt(prober, 'an event that happened 400 days ago', -LONG_AGO_MS),
    ]),
};

const futureTimestamp: Check = {
  id: 'future-timestamp',
  title: 'A request that was signed in the future is refused.',
  severity: 'medium',
  why: 'Whoever makes one, or sets the clock of a sender, can use it long after the tolerance.',
  fix: 'Refuse a signed time that lies more than a few minutes ahead.',
  requests: 2,
  needs: [secret, signedTime],
  run: (prober) =>
    sendAll(prober, refused, [
      ...signedAt(prober, 'a request that is signed two days ahead', 2 * DAY_MS),
      ...happenedAt(prober, 'an event of the day after tomorrow', 2 * DAY_MS),
    ]),
};

function signedAt(prober: Prober, what: string, offset: number): Case[] {
  if (prober.sender.toleranceSeconds === undefined) return [];
  const at = Date.now() + offset;
  return [{ what, request: prober.sign(prober.event(at), { at }) }];
}

function happenedAt(prober: Prober, what: string, offset: number): Case[] {
  const { timeAt } = prober.sender;
  if (!timeAt) return [];
  const event = prober.event();
  const time = timeLike(valueAt(event, timeAt), Date.now() + offset);
  return [{ what, request: prober.sign(withValueAt(event, timeAt, time)) }];
}

export const freshnessChecks: readonly Check[] = [staleTimestamp, futureTimestamp];
