import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from '@jest/globals';
import { deployedPage } from '../../../cli/deliveries/deployed/find-page.ts';
import { type AwsAnswer, type AwsCall, startAwsEndpoint } from '../../support/aws-endpoint.ts';
import { deliveryLineAt, PROCESSED } from '../../support/delivery-lines.ts';

const NOON = Date.parse('2026-03-01T12:00:00.000Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Deliveries at these times, whose request ids are the times. */
async function openPages(times: readonly number[], answers: Readonly<Record<string, AwsAnswer>> = {}) {
  const line = (time: number) => deliveryLineAt(time, { ...PROCESSED, requestId: String(time) });
  const starts: AwsCall['input'][] = [];
  const aws = await startAwsEndpoint(
    {},
    {
      FilterLogEvents: ({ startTime, endTime }) => ({
        events: times
          .filter((time) => time >= Number(startTime) && time <= Number(endTime))
          .map((time) => ({ eventId: String(time), message: line(time) })),
      }),
      StartQuery: (input) => ({ queryId: String(starts.push(input) - 1) }),
      GetQueryResults: ({ queryId }) => {
        const { startTime, endTime } = starts[Number(queryId)] ?? {};
        const found = times.filter((time) => time >= Number(startTime) * 1000 && time < (Number(endTime) + 1) * 1000);
        const newest = found.toSorted((one, other) => other - one).slice(0, 10_000);
        return { status: 'Complete', results: newest.map((time) => [{ field: '@message', value: line(time) }]) };
      },
      ...Object.fromEntries(Object.entries(answers).map(([operation, answer]) => [operation, () => answer])),
    },
  );
  const client = new CloudWatchLogsClient({
    endpoint: aws.environment.AWS_ENDPOINT_URL ?? '',
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
  });
  const find = deployedPage(client, 'receiver');
  const shown: string[] = [];
  return {
    starts,
    shown,
    async page(from: number, to: number) {
      const progress = { show: (text: string) => void shown.push(text), end: () => undefined };
      const { deliveries, next } = await find({ from, to }, { progress });
      return { times: deliveries.map(({ time }) => time), next };
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
      await aws[Symbol.asyncDispose]();
    },
  };
}

const range = (count: number, stepMs: number, first = NOON) =>
  Array.from({ length: count }, (_, index) => first + index * stepMs);

describe('A page of the log', () => {
  it('of a short window is read without Logs Insights, in the order of time, up to its end', async () => {
    await using log = await openPages([NOON, NOON + 2, NOON + 1, NOON + MINUTE]);
    expect(await log.page(NOON, NOON + MINUTE)).toEqual({ times: [NOON, NOON + 1, NOON + 2], next: undefined });
    expect(log.starts).toEqual([]);
  });

  it('of a short window with more than 10,000 deliveries has the newest, and the next page has the rest', async () => {
    const times = range(10_500, 50);
    await using log = await openPages(times);
    const newest = await log.page(NOON, NOON + 10 * MINUTE);
    const rest = await log.page(NOON, newest.next ?? 0);
    expect(newest.times).toEqual(times.slice(500));
    expect([...new Set([...rest.times, ...newest.times])]).toEqual(times);
    expect(rest.next).toBeUndefined();
    expect(log.starts.length).toBe(1);
  });

  it('of a long window needs one query, and pages that end within a second lose nothing of it', async () => {
    const times = range(10_500, 333, NOON + 7);
    await using log = await openPages(times);
    const newest = await log.page(NOON - 10 * HOUR, NOON + 2 * HOUR);
    expect(log.starts.length).toBe(1);
    const rest = await log.page(NOON - 10 * HOUR, newest.next ?? 0);
    expect([...new Set([...rest.times, ...newest.times])]).toEqual(times);
    expect(rest.next).toBeUndefined();
  });

  it('goes on to earlier seconds if a second has more than a page', async () => {
    const earlier = NOON - 5 * MINUTE;
    await using log = await openPages([earlier, ...range(10_001, 0)]);
    const pages: number[][] = [];
    for (let next: number | undefined = NOON + 1000; next !== undefined; ) {
      const page = await log.page(NOON - HOUR, next);
      pages.push(page.times);
      next = page.next;
    }
    expect(pages.length).toBeLessThanOrEqual(3);
    expect(pages.at(-1)).toEqual([earlier]);
  });

  it('that may not be read is an error that names the action', async () => {
    const message = 'not authorized to perform: logs:StartQuery';
    await using log = await openPages([], { StartQuery: { __type: 'AccessDeniedException', message } });
    await expect(log.page(NOON - HOUR, NOON)).rejects.toThrow(
      `Could not read the receiver's log. Access denied: ${message}`,
    );
  });
});
