import { UsageError } from './arguments.ts';

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Text of `--help` about times. */
export const TIMES_HELP = `Times are those of this machine's time zone (TZ): 14:00 today, or yesterday if that is in the future; 2026-11-23,
2026-11-23T14:00, today, yesterday. With Z they are UTC, and with +01:00 those of that offset: 14:00Z, 2026-11-23T14:00Z.
Or how long ago: 90s, 30m, 2h or 3d. To list all of yesterday: --from yesterday --to today.`;

/**
 * Reads a time as a user types it.
 * @param option that it is the value of
 * @param from the time that it comes after, as the end of a window: 14:10 may then be in the future
 * @returns epoch milliseconds
 * @throws {UsageError} if it is not a time
 */
export function timeOf(option: string, text: string, now: Date, from?: number): number {
  const time = agoOf(text, now) ?? clockOf(text, now, from) ?? dayOf(text, now) ?? isoOf(text);
  if (time === undefined) throw new UsageError(`${option} "${text}" is not a time.\n\n${TIMES_HELP}`);
  return time;
}

function agoOf(text: string, now: Date): number | undefined {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  return unit === undefined ? undefined : now.getTime() - Number(count) * UNITS[unit as keyof typeof UNITS];
}

/** How far ahead the end of a window may be that a clock gives: further ahead, its ends are more likely in the wrong order. */
const AHEAD_MS = 3_600_000;

/** When a clock showed it last; when it will show it within an hour, if that is not after `from`. */
function clockOf(text: string, now: Date, from = Number.NEGATIVE_INFINITY): number | undefined {
  const [, hours = '', minutes, seconds = '00', zone = ''] =
    /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?(Z|[+-]\d\d:\d\d)?$/.exec(text) ?? [];
  if (minutes === undefined) return undefined;
  const clock = `T${hours.padStart(2, '0')}:${minutes}:${seconds}${zone}`;
  // In the other time zone, it may be the day before or after.
  const times = [-2, -1, 0, 1, 2].map((days) => Date.parse(dayFrom(now, days) + clock));
  const last = times.findLast((time) => time <= now.getTime());
  const next = times.find((time) => time > now.getTime() && time <= now.getTime() + AHEAD_MS);
  return last !== undefined && last <= from ? (next ?? last) : last;
}

/** The date some days after today, here. */
function dayFrom(now: Date, days: number): string {
  return localTime(new Date(now.getFullYear(), now.getMonth(), now.getDate() + days).getTime()).slice(0, 10);
}

function dayOf(text: string, now: Date): number | undefined {
  if (text !== 'today' && text !== 'yesterday') return undefined;
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - Number(text === 'yesterday')).getTime();
}

/**
 * A day and a clock may have a space between them, as commands print them. `Date` takes 30 February for 2 March, and a day
 * alone for one of UTC; this does neither.
 */
function isoOf(text: string): number | undefined {
  const [, day, clock = '00:00'] =
    /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?))?$/.exec(text) ?? [];
  if (day === undefined || new Date(`${day}T00:00:00Z`).getUTCDate() !== Number(day.slice(-2))) return undefined;
  const time = Date.parse(`${day}T${clock}`);
  return Number.isNaN(time) ? undefined : time;
}

/** A time in the time zone of this machine: `2026-11-23 14:03:07`. */
export function localTime(time: number): string {
  const date = new Date(time);
  const parts = [date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes(), date.getSeconds()];
  const [month, day, hours, minutes, seconds] = parts.map((part) => String(part).padStart(2, '0'));
  return `${date.getFullYear()}-${month}-${day} ${hours}:${minutes}:${seconds}`;
}

/**
 * The time zone of this machine, by name and with its distance from UTC: `Europe/Berlin (UTC+01:00)`, or `UTC`.
 * @param at epoch milliseconds: the distance changes with summer time
 */
export function timeZone(at = Date.now()): string {
  const { timeZone: name } = Intl.DateTimeFormat().resolvedOptions();
  if (name === 'UTC') return name;
  const minutes = -new Date(at).getTimezoneOffset();
  const [hours, rest] = [Math.abs(minutes) / 60, Math.abs(minutes) % 60].map((part) =>
    String(Math.floor(part)).padStart(2, '0'),
  );
  return `${name} (UTC${minutes < 0 ? '-' : '+'}${hours}:${rest})`;
}
