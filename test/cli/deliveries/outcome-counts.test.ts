import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from '@jest/globals';
import { deployedCounts } from '../../../cli/deliveries/deployed/count-outcomes.ts';
import { localDeliveryLog } from '../../../cli/deliveries/local/local-delivery-log.ts';
import { countListed, seriesOf } from '../../../cli/deliveries/outcome-counts.ts';
import { startAwsEndpoint } from '../../support/aws-endpoint.ts';
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

describe('Counts of a deployed log', () => {
  it('are queried by the hour for longer steps, whose beginning is then known', async () => {
    const hours = ['2026-03-01 02:00:00.000', '2026-03-01 03:00:00.000', '2026-03-01 05:00:00.000'];
    const results = hours.map((hour) => [
      { field: 'bin(60m)', value: hour },
      { field: 'outcome', value: 'processed' },
      { field: 'deliveries', value: '2' },
    ]);
    const answers = { StartQuery: () => ({ queryId: '1' }), GetQueryResults: () => ({ status: 'Complete', results }) };
    await using aws = await startAwsEndpoint({}, answers);
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const endpoint = aws.environment.AWS_ENDPOINT_URL ?? '';
    const client = new CloudWatchLogsClient({ endpoint, region: 'us-east-1', credentials });
    const [from, to] = [Date.parse('2026-03-01T01:30:00Z'), Date.parse('2026-03-01T06:30:00Z')];
    const window = { from, to, stepMs: 3 * 3_600_000 };
    expect(seriesOf(await deployedCounts(client, 'receiver')(window, { progress }), window)).toEqual([
      { outcome: 'processed', counts: [2, 4, 0] },
    ]);
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
