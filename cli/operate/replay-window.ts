import { UsageError } from '../arguments.ts';

/** What to replay: events received from one time to another. */
export interface ReplayWindow {
  readonly from: Date;
  readonly to: Date;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const UNITS = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: DAY_MS } as const;

/** How far an archive may be behind its bus; AWS recommends to wait as long before a replay. */
const ARCHIVE_LAG_MINUTES = 10;

/**
 * A window as it is typed: each end ISO 8601 with its time zone, or how long ago, such as `90m`, `2h` and `3d`.
 * @param to the end of the window; now where it is not given
 * @throws {UsageError} where an end is no time, the window is out of order, or it has not been yet
 */
export function replayWindow(from: string, to: string | undefined, now: Date): ReplayWindow {
  const window = { from: timeOf('--from', from, now), to: to === undefined ? now : timeOf('--to', to, now) };
  if (window.from >= window.to)
    throw new UsageError(
      `The window is out of order: --from ${iso(window.from)} is not before --to ${iso(window.to)}.`,
    );
  if (window.to > now) throw new UsageError(`--to ${iso(window.to)} is yet to come. It is ${iso(now)} now.`);
  return window;
}

/**
 * Holds a window against what an archive keeps.
 * @param retentionDays 0 keeps events for ever
 * @throws {UsageError} where it begins before
 */
export function checkRetention({ from }: ReplayWindow, retentionDays: number, now: Date): void {
  const oldest = new Date(now.getTime() - retentionDays * DAY_MS);
  if (retentionDays === 0 || from >= oldest) return;
  throw new UsageError(`The archive keeps events for ${retentionDays} days: begin at ${iso(oldest)} or later.`);
}

/** What its user should know of a window that ends now, or a moment ago. */
export function lagWarning({ to }: ReplayWindow, now: Date): string | undefined {
  if (now.getTime() - to.getTime() >= ARCHIVE_LAG_MINUTES * MINUTE_MS) return undefined;
  return `The archive may be ${ARCHIVE_LAG_MINUTES} minutes behind: events that were received since ${iso(new Date(now.getTime() - ARCHIVE_LAG_MINUTES * MINUTE_MS))} may be missing from the replay.`;
}

function timeOf(option: string, text: string, now: Date): Date {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (unit) return new Date(now.getTime() - Number(count) * UNITS[unit as keyof typeof UNITS]);
  const time = new Date(isTime(text) ? text : Number.NaN);
  if (!Number.isNaN(time.getTime())) return time;
  const forms = 'ISO 8601 with a time zone, such as 2026-11-23T08:00Z, or how long ago, such as 90m, 2h or 3d';
  throw new UsageError(`${option} ${text} is no time: give ${forms}.`);
}

/** A day that its month does not have would be counted on into the next. */
function isTime(text: string): boolean {
  const [, day] = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  return day !== undefined && new Date(`${day}T00:00:00Z`).getUTCDate() === Number(day.slice(-2));
}

const iso = (time: Date) => time.toISOString();
