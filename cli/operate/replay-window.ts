import { UsageError } from '../arguments.ts';

/** The window of a replay: events received from one time to another. */
export interface ReplayWindow {
  readonly from: Date;
  readonly to: Date;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const UNITS = { m: MINUTE_MS, h: 60 * MINUTE_MS, d: DAY_MS } as const;

/**
 * How far an archive may be behind its bus: AWS recommends to wait that long before a replay.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html
 */
const ARCHIVE_LAG_MINUTES = 10;

/**
 * Reads a window as a user types it: each end ISO 8601 with its time zone, or how long ago, such as `90m`, `2h` and `3d`.
 * @param to undefined for now
 * @throws {UsageError} if an end is not a time or in the future, or the window ends before it begins
 */
export function replayWindow(from: string, to: string | undefined, now: Date): ReplayWindow {
  const window = { from: timeOf('--from', from, now), to: to === undefined ? now : timeOf('--to', to, now) };
  if (window.from >= window.to)
    throw new UsageError(
      `The window is out of order: --from ${iso(window.from)} is not before --to ${iso(window.to)}.`,
    );
  if (window.to > now) throw new UsageError(`--to ${iso(window.to)} is in the future. It is ${iso(now)} now.`);
  return window;
}

/**
 * Checks that an archive still keeps the events of a window.
 * @param retentionDays 0 keeps events for ever
 * @throws {UsageError} if the window begins before
 */
export function checkRetention({ from }: ReplayWindow, retentionDays: number, now: Date): void {
  const oldest = new Date(now.getTime() - retentionDays * DAY_MS);
  if (retentionDays === 0 || from >= oldest) return;
  throw new UsageError(`The archive keeps events for ${retentionDays} days: begin at ${iso(oldest)} or later.`);
}

/** The warning about a window that ended so recently that the archive may lack events; undefined for any other. */
export function lagWarning({ to }: ReplayWindow, now: Date): string | undefined {
  const complete = new Date(now.getTime() - ARCHIVE_LAG_MINUTES * MINUTE_MS);
  if (to <= complete) return undefined;
  return `The archive may be ${ARCHIVE_LAG_MINUTES} minutes behind: events received since ${iso(complete)} may be missing from the replay.`;
}

/**
 * Reads a time as a user types it.
 * @param option that it is given with
 * @throws {UsageError} if it is no time
 */
function timeOf(option: string, text: string, now: Date): Date {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  if (unit) return new Date(now.getTime() - Number(count) * UNITS[unit as keyof typeof UNITS]);
  const time = new Date(isTime(text) ? text : Number.NaN);
  if (!Number.isNaN(time.getTime())) return time;
  const forms = 'ISO 8601 with a time zone, such as 2026-11-23T08:00Z, or how long ago, such as 90m, 2h or 3d';
  throw new UsageError(`${option} "${text}" is not a time. Give ${forms}.`);
}

/** `Date` takes 30 February for 2 March; this does not. */
function isTime(text: string): boolean {
  const [, day] = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/.exec(text) ?? [];
  return day !== undefined && new Date(`${day}T00:00:00Z`).getUTCDate() === Number(day.slice(-2));
}

const iso = (time: Date) => time.toISOString();
