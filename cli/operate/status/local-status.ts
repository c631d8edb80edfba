import type { Delivery } from '../../deliveries/delivery-log.ts';
import { localInboxView } from '../../deliveries/local/local-inbox-view.ts';
import { type StatusReport, sourceStatus } from './status-report.ts';

/** 24 hours, in milliseconds. */
const DAY_MS = 24 * 3_600_000;

/**
 * The state of the inbox on this machine: the deliveries of those sources that had any within 24 hours.
 * @throws {UsageError} if it does not run
 */
export async function localStatus(environment: NodeJS.ProcessEnv): Promise<StatusReport> {
  const deliveries: Delivery[] = [];
  const query = { from: Date.now() - DAY_MS };
  for await (const delivery of localInboxView(environment).deliveries.list(query)) deliveries.push(delivery);
  const counts = deliveries.flatMap(({ source, outcome, usedPreviousSecret, time }) =>
    source === undefined ? [] : [{ source, outcome, usedPreviousSecret, count: 1, lastAt: time }],
  );
  const names = [...new Set(counts.map(({ source }) => source))].toSorted();
  return {
    inbox: 'on this machine',
    sources: names.map((name) => sourceStatus(name, { secret: 'set' }, counts)),
    checks: [],
  };
}
