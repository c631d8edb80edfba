import { CONTESTANTS, type ContestantName } from './contestants.ts';
import type { Work } from './measure.ts';
import type { Spending } from './profile.ts';
import type { Results } from './results.ts';
import { type Figure, figure, ratio } from './statistics.ts';
import { coldTotals, coldValues, cpuMicros, secretWait, targets } from './targets.ts';

/** docs/benchmarks.md, as this run has it. */
export function page(results: Results): string {
  const { setting } = results;
  return `# Benchmarks

Written by \`${setting.command}\` on ${setting.date}: ${setting.cpu}, ${setting.cores} cores, Node.js ${setting.node}. Another machine has other times; the ratios are what to look at.

![Cold start and CPU, side by side](benchmarks.svg)

Side by side in one run, over and over in changing order, on the same embedded DynamoDB in a process of its own:

- **webhook-inbox**: lambda/receiver/handler.ts as it is deployed, with its log line and its metrics. It reads its secret from Secrets Manager; the others have theirs in a variable.
- **bare fetch**: the floor. HMAC, \`JSON.parse\` and one conditional PutItem signed by hand; no library, no schema, no log.
- **Powertools idempotency, zod**: the same job with \`makeIdempotent\`, its table and a zod schema, without a log.
- **get, then put**: the example that is often shown, which reads before it writes and builds a client for every request.

All are one file, bundled with the options of the stack, and are handed the same API Gateway events. Figures are medians of ${setting.rounds.cold} cold starts and ${setting.rounds.warm} warm rounds, ± the interquartile range. A ratio is the median of the rounds' own ratios. The endpoints are on the same machine, over HTTPS.

## Targets

${targetTable(results)}

## Cold start

A fresh process: milliseconds to import the code and to answer the first event. Of webhook-inbox's, ${secretWait(results).toFixed(1)} ms are its request to Secrets Manager.

${coldTable(results)}

## Warm

${WARM.map(([work, title]) => `${title}:\n\n${warmTable(results, work)}`).join('\n\n')}

One bare HMAC over the same body and an answer in JSON take ${show(figure(results.warm.bareHmacMicros))} µs.

## Requests and write units

${usageTable(results)}

What webhook-inbox writes for payloads of real size:

${payloadTable(results)}

## Size

${sizeTable(results)}

## Under load

\`npm start\`, where the function, the HTTP front and the database share one process, with new events only:

${loadTable(results)}

## Where the time goes

Why a target may be missed here:

- **Cold start.** "get, then put" is the SDK's DynamoDB client with hardly anything around it, so its line is about the least that a function with the SDK takes. webhook-inbox has the client of Secrets Manager besides, and reads its secret before the first event.
- **A stored event.** The line "AWS SDK" is what the SDK does for each request, which the bare fetch does by hand: serializing, resolving the endpoint and credentials, retries, signing.
- **A refused forgery.** webhook-inbox writes a log line and the metrics of what it refuses, and answers with a problem document; none of the others does. What is left is the chain, and reading the headers.

From CPU profiles of this run, by the package that the code comes from. A profiler changes what it watches: the shares are what to look at, not the sums.

${profileTable(results, 'cold', 'Cold start, in milliseconds', 1)}

${profileTable(results, 'stored', 'A stored event, warm, in microseconds', 1000)}

${profileTable(results, 'forgery', 'A refused forgery, warm, in microseconds', 1000)}
`;
}

const WARM: readonly (readonly [work: Work, title: string])[] = [
  ['stored', 'An event stored'],
  ['storedLarge', 'An event of 14 KB stored: webhook-inbox compresses it'],
  ['duplicate', 'The same event again'],
  ['forgery', 'A forgery refused'],
];

const show = ({ median, spread }: Figure) => `${short(median)} ± ${short(spread)}`;
const short = (value: number) =>
  (value === 0 ? '0' : value.toPrecision(Math.abs(value) >= 100 ? 4 : 3)).replace(/\.0+$/, '');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'-|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

function targetTable(results: Results): string {
  const rows = targets(results).map(({ what, atMost, measured }) => {
    return [what, `≤ ${atMost}`, show(measured), measured.median <= atMost ? 'met' : '**missed**'];
  });
  return table(['what', 'target', 'measured', ''], rows);
}

function coldTable(results: Results): string {
  const { cold } = results;
  const rows = CONTESTANTS.map(({ name, title }) => {
    const total = coldTotals(results, name);
    return [
      title,
      show(figure(coldValues(cold, name, ({ importMs }) => importMs))),
      show(figure(coldValues(cold, name, ({ firstEventMs }) => firstEventMs))),
      show(figure(total)),
      show(figure(coldValues(cold, name, ({ cpuMs }) => cpuMs))),
      compared(coldTotals(results, 'inbox'), total, name),
    ];
  });
  return table(['', 'import', 'first event', 'both', 'CPU', 'webhook-inbox is'], rows);
}

function compared(own: readonly number[], other: readonly number[], name: ContestantName): string {
  return name === 'inbox' ? '' : `${short(ratio(own, other).median)} ×`;
}

function warmTable(results: Results, work: Work): string {
  const rows = CONTESTANTS.map(({ name, title }) => {
    const cpu = cpuMicros(results, name, work);
    const latency = results.warm.work.get(name)?.[work].latencyMs ?? [];
    return [title, show(figure(cpu)), show(figure(latency)), compared(cpuMicros(results, 'inbox', work), cpu, name)];
  });
  return table(['', 'CPU, µs', 'latency, ms', 'CPU: webhook-inbox is'], rows);
}

function usageTable({ usage }: Results): string {
  const rows = CONTESTANTS.map(({ name, title }) => {
    const used = usage.get(name);
    if (!used) return [title];
    const { stored, duplicate } = used;
    return [title, stored.requests.join(', '), String(stored.writeUnits), duplicate.requests.join(', ')];
  });
  return table(['', 'a new event', 'write units', 'the same again'], rows);
}

function payloadTable({ payloads }: Results): string {
  const rows = payloads.map(({ payload, bytes, writeUnits, plainWriteUnits }) => {
    const part = short(writeUnits / plainWriteUnits);
    return [payload, Math.round(bytes).toLocaleString('en'), short(plainWriteUnits), short(writeUnits), part];
  });
  return table(['payload', 'bytes', 'write units, not compressed', 'compressed', 'ratio'], rows);
}

const kilobytes = (bytes: number) => `${Math.round(bytes / 1000).toLocaleString('en')} KB`;
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

function sizeTable({ bundles, warm }: Results): string {
  const rows = CONTESTANTS.map(({ name, title }) => {
    const { bytes = 0, gzipBytes = 0 } = bundles.get(name) ?? {};
    return [title, kilobytes(bytes), kilobytes(gzipBytes), megabytes(warm.memoryBytes.get(name) ?? 0)];
  });
  return table(['', 'bundle', 'gzip', 'resident memory after the warm rounds'], rows);
}

function loadTable({ load }: Results): string {
  const rows = load.map(({ connections, eventsPerSecond, p50, p99 }) => {
    return [connections, Math.round(eventsPerSecond), p50, p99].map(String);
  });
  return table(['callers at a time', 'events a second', 'p50, ms', 'p99, ms'], rows);
}

function profileTable(results: Results, part: 'cold' | 'stored' | 'forgery', title: string, factor: number): string {
  const profiles = [...results.profiles].map(([name, profile]): [ContestantName, Spending] => [name, profile[part]]);
  const spenders = [...new Set(profiles.flatMap(([, spending]) => [...spending.keys()]))];
  const of = (spending: Spending, spender: string) => (spending.get(spender) ?? 0) * factor;
  const [, first = new Map()] = profiles[0] ?? [];
  const rows = spenders
    .sort((a, b) => of(first, b) - of(first, a))
    .map((spender) => [spender, ...profiles.map(([, spending]) => short(of(spending, spender)))]);
  const titles = profiles.map(([name]) => CONTESTANTS.find((each) => each.name === name)?.title ?? name);
  return table([title, ...titles], rows);
}
