import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { describe, expect, it } from '@jest/globals';
import type { Delivery, DeliveryQuery } from '../../../cli/deliveries/delivery-log.ts';
import { deployedDeliveryLog } from '../../../cli/deliveries/deployed/deployed-delivery-log.ts';
import { type AwsAnswer, type AwsCall, startAwsEndpoint } from '../../support/aws-endpoint.ts';
import { CONFLICT, deliveryLineAt, PROCESSED, REJECTED } from '../../support/delivery-lines.ts';

const NOON = Date.parse('2026-03-01T12:00:00.000Z');
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const event = (message: string, eventId = message) => ({ eventId, message });

/** A log group, by its answers. */
async function openLog(answers: Readonly<Record<string, (input: AwsCall['input']) => AwsAnswer>>) {
  const aws = await startAwsEndpoint({}, answers);
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const options = {
    endpoint: aws.environment.AWS_ENDPOINT_URL ?? '',
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
  };
  const client = new CloudWatchLogsClient(options);
  const log = deployedDeliveryLog(client, { logGroupName: 'receiver', pollMs: 1 });
  return {
    log,
    calls: aws.calls,
    async list(query: DeliveryQuery, signal?: AbortSignal): Promise<Delivery[]> {
      const found: Delivery[] = [];
      for await (const delivery of log.list(query, signal)) found.push(delivery);
      return found;
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
      await aws[Symbol.asyncDispose]();
    },
  };
}

const idsOf = (deliveries: readonly Delivery[]) => deliveries.map(({ requestId }) => requestId);

describe('A short window', () => {
  it('is read line by line, over all pages, in the order of time', async () => {
    const pages: Record<string, AwsAnswer> = {
      first: { events: [event(deliveryLineAt(NOON + 2, CONFLICT)), event('START')], nextToken: 'second' },
      second: { events: [], nextToken: 'third' },
      third: { events: [event(deliveryLineAt(NOON + 1, PROCESSED)), event(deliveryLineAt(NOON + 3, REJECTED))] },
    };
    await using inbox = await openLog({ FilterLogEvents: ({ nextToken = 'first' }) => pages[String(nextToken)] ?? {} });
    expect(idsOf(await inbox.list({ from: NOON, to: NOON + MINUTE }))).toEqual(['request-1', 'request-3', 'request-2']);
    expect(inbox.calls[0]?.input).toEqual({
      logGroupName: 'receiver',
      startTime: NOON,
      endTime: NOON + MINUTE - 1,
      filterPattern: '{ $.message = "delivery" }',
    });
  });

  it('is filtered by source and outcome in the log, also for bodies of several events', async () => {
    await using inbox = await openLog({ FilterLogEvents: () => ({ events: [] }) });
    await inbox.list({ from: NOON, to: NOON + 1, sources: ['a', 'b-"'], outcomes: ['conflict'] });
    expect(inbox.calls[0]?.input.filterPattern).toBe(
      '{ $.message = "delivery" && ($.source = "a" || $.source = "b-\\"") && ($.outcome = "conflict" || $.events.conflict > 0) }',
    );
  });

  it('is filtered here if the pattern for the log would be too long', async () => {
    const sources = Array.from({ length: 100 }, (_, index) => `partner-${index}`);
    const line = deliveryLineAt(NOON, PROCESSED);
    await using inbox = await openLog({ FilterLogEvents: () => ({ events: [event(line)] }) });
    expect(await inbox.list({ from: NOON, to: NOON + 1, sources })).toEqual([]);
    expect(inbox.calls[0]?.input.filterPattern).toBe('{ $.message = "delivery" }');
  });

  it('has only the newest deliveries if there is a limit', async () => {
    const events = [1, 2, 3].map((ms) =>
      event(deliveryLineAt(NOON + ms, { ...PROCESSED, requestId: `request-${ms}` })),
    );
    await using inbox = await openLog({ FilterLogEvents: () => ({ events }) });
    expect(idsOf(await inbox.list({ from: NOON, to: NOON + MINUTE, limit: 2 }))).toEqual(['request-2', 'request-3']);
  });

  it('that may not be read is an error that says so', async () => {
    await using inbox = await openLog({
      FilterLogEvents: () => ({ __type: 'AccessDeniedException', message: 'not authorized' }),
    });
    await expect(inbox.list({ from: NOON, to: NOON + 1 })).rejects.toThrow(
      "Could not read the receiver's log. Access denied: not authorized",
    );
  });
});

const resultOf = (message: string) => [{ field: '@message', value: message }];

describe('A long window', () => {
  it('is searched with Logs Insights, which is asked until it is complete', async () => {
    const states = ['Scheduled', 'Running', 'Complete'];
    await using inbox = await openLog({
      StartQuery: () => ({ queryId: 'one' }),
      GetQueryResults: () => ({ status: states.shift(), results: [resultOf(deliveryLineAt(NOON, CONFLICT))] }),
    });
    const query = {
      from: NOON - HOUR,
      to: NOON + 1,
      sources: ['partner'],
      outcomes: ['conflict'],
      types: ['order.*'],
    } as const;
    expect(idsOf(await inbox.list({ ...query, text: 'order-1' }))).toEqual(['request-3']);
    const input = inbox.calls[0]?.input ?? {};
    expect(input).toMatchObject({
      logGroupName: 'receiver',
      startTime: (NOON - HOUR) / 1000,
      endTime: NOON / 1000 + 1,
    });
    expect(String(input.queryString).split('\n| ')).toEqual([
      'fields @timestamp, @message',
      'filter message = "delivery"',
      'filter source in ["partner"]',
      'filter outcome = "conflict" or events.conflict > 0',
      'filter @message like /"event_type":"(order\\.[^"]*)"/',
      'filter @message like /(?i)order-1/',
      'sort @timestamp desc',
      'limit 10000',
    ]);
  });

  it('with more than 10,000 deliveries is searched in parts, without a gap and without a repetition', async () => {
    const line = (ms: number) => deliveryLineAt(NOON - ms, { ...PROCESSED, requestId: `request-${ms}` });
    const newest = Array.from({ length: 10_000 }, (_, index) => resultOf(line(index)));
    const starts: AwsCall['input'][] = [];
    await using inbox = await openLog({
      StartQuery: (input) => ({ queryId: String(starts.push(input)) }),
      GetQueryResults: ({ queryId }) => ({
        status: 'Complete',
        results: queryId === '1' ? newest : [resultOf(line(9_999)), resultOf(line(10_000))],
      }),
    });
    const found = await inbox.list({ from: NOON - HOUR, to: NOON + 1 });
    expect(found.length).toBe(10_001);
    expect(found[0]?.requestId).toBe('request-10000');
    // The second of the oldest one is searched again.
    expect(starts.map(({ endTime }) => endTime)).toEqual([NOON / 1000 + 1, NOON / 1000 - 10]);
  });

  it('whose text a regular expression may not express is filtered here', async () => {
    await using inbox = await openLog({
      StartQuery: () => ({ queryId: 'one' }),
      GetQueryResults: () => ({ status: 'Complete', results: [resultOf(deliveryLineAt(NOON, CONFLICT))] }),
    });
    expect(await inbox.list({ from: NOON - HOUR, to: NOON + 1, text: '/")|' })).toEqual([]);
    expect(String(inbox.calls[0]?.input.queryString)).not.toContain('like');
  });

  it('whose search fails is an error', async () => {
    await using inbox = await openLog({
      StartQuery: () => ({ queryId: 'one' }),
      GetQueryResults: () => ({ status: 'Timeout' }),
    });
    await expect(inbox.list({ from: NOON - HOUR, to: NOON })).rejects.toThrow(
      'The search of the log ended as Timeout.',
    );
  });

  it('is no longer searched after an interruption: the query is stopped', async () => {
    const interrupted = new AbortController();
    await using inbox = await openLog({
      StartQuery: () => ({ queryId: 'one' }),
      GetQueryResults: () => {
        interrupted.abort();
        return { status: 'Running' };
      },
      StopQuery: () => ({ success: true }),
    });
    expect(await inbox.list({ from: NOON - HOUR, to: NOON }, interrupted.signal)).toEqual([]);
    expect(inbox.calls.at(-1)).toMatchObject({ operation: 'StopQuery', input: { queryId: 'one' } });
  });
});

describe('Following', () => {
  it('shows each delivery once, also one whose line is late, until it is ended', async () => {
    const now = Date.now();
    const line = (id: number) =>
      event(deliveryLineAt(now - id * 1_000, { ...PROCESSED, requestId: `request-${id}` }), `${id}`);
    const rounds = [[line(1)], [line(1)], [line(2), line(1)], [line(1), line(2), line(0)]];
    await using inbox = await openLog({ FilterLogEvents: () => ({ events: rounds.shift() ?? [] }) });
    const ended = new AbortController();
    const shown: string[] = [];
    for await (const { requestId } of inbox.log.follow({ from: now - MINUTE }, ended.signal)) {
      shown.push(requestId);
      if (requestId === 'request-0') ended.abort();
    }
    expect(shown).toEqual(['request-1', 'request-2', 'request-0']);
  });
});
