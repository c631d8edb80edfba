import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { withAdvice } from '../../operate/aws-errors.ts';
import { OUTCOMES } from '../delivery-of-line.ts';
import { type CountOutcomes, startOfStep } from '../outcome-counts.ts';
import { READ_LOG } from './deployed-delivery-log.ts';
import { insightsTime, runInsightsQuery } from './logs-insights.ts';

/** The lines that are counted: those of deliveries to a source. A query of Logs Insights begins with it. */
export const COUNTED_LINES = 'filter message = "delivery" and ispresent(source)';

/** A minute, in milliseconds. */
const MINUTE_MS = 60_000;

/** The longest time that a query counts at once, in milliseconds. AWS does not document where longer ones begin. */
const MAX_BIN_MS = 60 * MINUTE_MS;

/**
 * Counts with Logs Insights, so that the size of the answer does not grow with the traffic.
 * @throws {UsageError} if the log cannot be read
 */
export function deployedCounts(client: CloudWatchLogsClient, logGroupName: string): CountOutcomes {
  return async ({ from, to, stepMs, source }, options) => {
    const step = `bin(${Math.min(stepMs, MAX_BIN_MS) / MINUTE_MS}m)`;
    const ofSource = source === undefined ? '' : ` and source = ${JSON.stringify(source)}`;
    const queryString = `${COUNTED_LINES}${ofSource}\n| stats count(*) as deliveries by ${step}, outcome`;
    const query = { logGroupName, queryString, from, to };
    const results = await withAdvice(READ_LOG, () => runInsightsQuery(client, query, options));
    return results.flatMap(({ [step]: time = '', outcome: word, deliveries }) => {
      const outcome = OUTCOMES.find((each) => each === word);
      return outcome ? [{ time: startOfStep(insightsTime(time), stepMs), outcome, count: Number(deliveries) }] : [];
    });
  };
}
