import { CONTESTANTS, type ContestantName } from './contestants.ts';
import type { Work } from './measure.ts';
import type { TimeByOrigin } from './profile.ts';
import type { Results } from './results.ts';
import { type Figure, figure, ratio } from './statistics.ts';
import { coldTotals, coldValues, cpuMicros, targets } from './targets.ts';

/** A figure as text: median ± interquartile range. */
export const show = ({ median, spread }: Figure) => `${short(median)} ± ${short(spread)}`;
const short = (value: number) =>
  (value === 0 ? '0' : value.toPrecision(Math.abs(value) >= 100 ? 4 : 3)).replace(/\.0+$/, '');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'-|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** Targets and measured figures. */
export function targetTable(results: Results): string {
  const rows = targets(results).map(({ name, atMost, measured }) => {
    return [name, `≤ ${atMost}`, show(measured), measured.median <= atMost ? 'met' : '**missed**'];
  });
  return table(['figure', 'target', 'measured', ''], rows);
}

/** Cold starts by contestant. */
export function coldTable(results: Results): string {
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
  return table(['', 'import, ms', 'first event, ms', 'total, ms', 'CPU, ms', 'webhook-inbox takes'], rows);
}

function compared(own: readonly number[], other: readonly number[], name: ContestantName): string {
  return name === 'inbox' ? '' : `${short(ratio(own, other).median)} ×`;
}

/** CPU time and latency of one kind of work by contestant. */
export function warmTable(results: Results, work: Work): string {
  const rows = CONTESTANTS.map(({ name, title }) => {
    const cpu = cpuMicros(results, name, work);
    const latency = results.warm.work.get(name)?.[work].latencyMs ?? [];
    return [title, show(figure(cpu)), show(figure(latency)), compared(cpuMicros(results, 'inbox', work), cpu, name)];
  });
  return table(['', 'CPU, µs', 'latency, ms', 'CPU: webhook-inbox takes'], rows);
}

/** Requests to DynamoDB by contestant. */
export function usageTable({ usage }: Results): string {
  const rows = CONTESTANTS.map(({ name, title }) => {
    const used = usage.get(name);
    if (!used) return [title];
    const { stored, duplicate } = used;
    return [title, stored.requests.join(', '), String(stored.writeUnits), duplicate.requests.join(', ')];
  });
  return table(['', 'new event', 'write units', 'duplicate'], rows);
}

/** Write units of providers' payloads. */
export function payloadTable({ payloads }: Results): string {
  const rows = payloads.map(({ payload, bytes, writeUnits, plainWriteUnits }) => {
    const part = short(writeUnits / plainWriteUnits);
    return [payload, Math.round(bytes).toLocaleString('en'), short(plainWriteUnits), short(writeUnits), part];
  });
  return table(['payload', 'bytes', 'write units, uncompressed', 'write units, compressed', 'ratio'], rows);
}

const kilobytes = (bytes: number) => `${Math.round(bytes / 1000).toLocaleString('en')} KB`;
const megabytes = (bytes: number) => `${Math.round(bytes / 1e6)} MB`;

/** Bundle size and memory by contestant. */
export function sizeTable({ bundles, warm }: Results): string {
  const rows = CONTESTANTS.map(({ name, title }) => {
    const { bytes = 0, gzipBytes = 0 } = bundles.get(name) ?? {};
    return [title, kilobytes(bytes), kilobytes(gzipBytes), megabytes(warm.memoryBytes.get(name) ?? 0)];
  });
  return table(['', 'bundle', 'gzip', 'resident memory after the warm rounds'], rows);
}

/** Throughput of `npm start` by number of connections. */
export function loadTable({ load }: Results): string {
  const rows = load.map(({ connections, eventsPerSecond, p50, p99 }) => {
    return [connections, Math.round(eventsPerSecond), p50, p99].map(String);
  });
  return table(['connections', 'events per second', 'p50, ms', 'p99, ms'], rows);
}

/** CPU time by the origin of the code. @param factor milliseconds to the unit of the title */
export function profileTable(
  results: Results,
  part: 'cold' | 'stored' | 'forgery',
  title: string,
  factor: number,
): string {
  const profiles = [...results.profiles].map(([name, profile]): [ContestantName, TimeByOrigin] => [
    name,
    profile[part],
  ]);
  const origins = [...new Set(profiles.flatMap(([, time]) => [...time.keys()]))];
  const of = (time: TimeByOrigin, origin: string) => (time.get(origin) ?? 0) * factor;
  const [, first = new Map()] = profiles[0] ?? [];
  const rows = origins
    .sort((a, b) => of(first, b) - of(first, a))
    .map((origin) => [origin, ...profiles.map(([, time]) => short(of(time, origin)))]);
  const titles = profiles.map(([name]) => CONTESTANTS.find((each) => each.name === name)?.title ?? name);
  return table([title, ...titles], rows);
}
