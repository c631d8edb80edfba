import { describe, expect, it } from '@jest/globals';
import { localDeliveryLog } from '../../../cli/deliveries/local/local-delivery-log.ts';
import { countListed, seriesOf } from '../../../cli/deliveries/outcome-counts.ts';
import { CONFLICT, PROCESSED, REJECTED } from '../../support/delivery-lines.ts';

const progress = { show: () => undefined, end: () => undefined };

/** A log that has these deliveries, all of now. */
function logOf(...reports: readonly (typeof PROCESSED)[]) {
  const log = localDeliveryLog();
  for (const report of reports) log.report(report);
  return log;
}

describe('Counts of a listed log', () => {
  it('are those of deliveries to a source, by outcome', async () => {
    const log = logOf(PROCESSED, PROCESSED, CONFLICT, { ...REJECTED, source: undefined });
    const window = { from: 0, to: Date.now() + 60_000, stepMs: 2 ** 50 };
    expect(seriesOf(await countListed(log)(window, { progress }), window)).toEqual([
      { outcome: 'processed', counts: [2] },
      { outcome: 'conflict', counts: [1] },
    ]);
  });

  it('are those of one source if it is named', async () => {
    const log = logOf(PROCESSED, { ...PROCESSED, source: 'shop' });
    const window = { from: 0, to: Date.now() + 60_000, stepMs: 2 ** 50, source: 'shop' };
    expect(await countListed(log)(window, { progress })).toEqual([{ time: 0, outcome: 'processed', count: 1 }]);
  });
});

describe('Series of counts', () => {
  it('have a number for every step, also for those that the window cuts, and add what is in one step', () => {
    const count = (time: number) => ({ time, outcome: 'rejected' as const, count: 2 });
    expect(seriesOf([count(0), count(300), count(300)], { from: 50, to: 310, stepMs: 100 })).toEqual([
      { outcome: 'rejected', counts: [2, 0, 0, 4] },
    ]);
  });
});
