import type { ServerResponse } from 'node:http';
import * as v from 'valibot';
import { OUTCOMES } from '../deliveries/delivery-of-line.ts';
import type { DeliveryPage, ReadOptions } from '../deliveries/delivery-page.ts';
import { seriesOf } from '../deliveries/outcome-counts.ts';
import { reasonOf } from '../operate/aws-errors.ts';
import type { ChartAnswer, ChartRange, WatchedLine } from './api.ts';
import type { ConsoleInbox } from './console-inbox.ts';
import { SECURITY_HEADERS } from './page.ts';
import { parsed } from './parse-given.ts';

/** A read that may take long: it tells its progress, and stops if nobody waits for it any more. */
type WatchedRead = (inbox: ConsoleInbox, given: unknown, options: ReadOptions) => Promise<object>;

const Time = v.pipe(v.string(), v.regex(/^\d{1,15}$/), v.transform(Number));
const oneOf = <T extends v.GenericSchema<unknown, string>>(schema: T) =>
  v.optional(
    v.pipe(
      schema,
      v.transform((value) => [value]),
    ),
  );

const Search = v.object({
  from: Time,
  to: Time,
  text: v.optional(v.string()),
  sources: oneOf(v.string()),
  types: oneOf(v.string()),
  outcomes: oneOf(v.picklist(OUTCOMES)),
});

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** How long each range is, and its steps, in milliseconds. */
const RANGES: Readonly<Record<ChartRange, { readonly ms: number; readonly stepMs: number }>> = {
  hour: { ms: HOUR_MS, stepMs: MINUTE_MS },
  day: { ms: 24 * HOUR_MS, stepMs: 30 * MINUTE_MS },
  week: { ms: 7 * 24 * HOUR_MS, stepMs: 3 * HOUR_MS },
};

const Chart = v.object({ range: v.picklist(['hour', 'day', 'week']), source: v.optional(v.string()) });

/** The paths of `GET` whose answer is lines of JSON. */
export const WATCHED_READS: Readonly<Record<string, WatchedRead>> = {
  async search({ findPage }, given, options): Promise<DeliveryPage> {
    return await findPage(parsed(Search, given), options);
  },
  async chart({ countOutcomes }, given, options): Promise<ChartAnswer> {
    const { range, source } = parsed(Chart, given);
    const { ms, stepMs } = RANGES[range];
    const to = Date.now();
    const window = { from: to - ms, to, stepMs, source };
    return { from: window.from, to, stepMs, series: seriesOf(await countOutcomes(window, options), window) };
  },
};

/** Answers with the lines of a read: see {@link WatchedLine}. If the response is closed before its end, the read stops. */
export async function answerWatched(
  read: WatchedRead,
  inbox: ConsoleInbox,
  given: unknown,
  response: ServerResponse,
): Promise<void> {
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  response.writeHead(200, { ...SECURITY_HEADERS, 'Content-Type': 'application/x-ndjson' }).flushHeaders();
  const write = (line: WatchedLine<object>) => response.write(`${JSON.stringify(line)}\n`);
  const progress = { show: (text: string) => void write({ progress: text }), end: () => undefined };
  try {
    write({ result: await read(inbox, given, { progress, signal: closed.signal }) });
  } catch (error) {
    write({ failure: reasonOf(error, 'do this') });
  }
  response.end();
}
