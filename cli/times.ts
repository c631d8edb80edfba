import { UsageError } from './arguments.ts';

const UNITS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Text of `--help` about times. */
export const TIMES_HELP = `Times are those of this machine's time zone (TZ): 14:00 today, or yesterday if that is in the future; 2026-11-23,
2026-11-23T14:00, today, yesterday; with a time zone, 2026-11-23T14:00Z; or how long ago, 90s, 30m, 2h or 3d.`;

/**
 * Reads a time as a user types it.
 * @param option that it is the value of
 * @returns epoch milliseconds
 * @throws {UsageError} if it is not a time
 */
export function timeOf(option: string, text: string, now: Date): number {
  const time = agoOf(text, now) ?? clockOf(text, now) ?? dayOf(text, now) ?? isoOf(text);
  if (time === undefined) throw new UsageError(`${option} "${text}" is not a time.\n\n${TIMES_HELP}`);
  return time;
}

function agoOf(text: string, now: Date): number | undefined {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  return unit === undefined ? undefined : now.getTime() - Number(count) * UNITS[unit as keyof typeof UNITS];
}

function clockOf(text: string, now: Date): number | undefined {
  const [, hours, minutes, seconds = '0'] = /^([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? [];
  if (minutes === undefined) return undefined;
  const today = new Date(now);
  today.setHours(Number(hours), Number(minutes), Number(seconds), 0);
  if (today > now) today.setDate(today.getDate() - 1);
  return today.getTime();
}

function dayOf(text: string, now: Date): number | undefined {
  if (text !== 'today' && text !== 'yesterday') return undefined;
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - Number(text === 'yesterday')).getTime();
}

/** `Date` takes 30 February for 2 March, and a day alone for one of UTC; this does neither. */
function isoOf(text: string): number | undefined {
  const [, day, clock = 'T00:00'] =
    /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)?)?$/.exec(text) ?? [];
  if (day === undefined || new Date(`${day}T00:00:00Z`).getUTCDate() !== Number(day.slice(-2))) return undefined;
  const time = Date.parse(day + clock);
  return Number.isNaN(time) ? undefined : time;
}

/** A time in the time zone of this machine: `2026-11-23 14:03:07`. */
export function localTime(time: number): string {
  const date = new Date(time);
  const parts = [date.getMonth() + 1, date.getDate(), date.getHours(), date.getMinutes(), date.getSeconds()];
  const [month, day, hours, minutes, seconds] = parts.map((part) => String(part).padStart(2, '0'));
  return `${date.getFullYear()}-${month}-${day} ${hours}:${minutes}:${seconds}`;
}

/** The time zone of this machine, by name. */
export function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
