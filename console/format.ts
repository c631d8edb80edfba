const TIME = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hour12: false,
});
const DAY = new Intl.DateTimeFormat(undefined, { month: 'short', day: 'numeric' });

/** A time in the browser's time zone: the clock alone for one of today. */
export function clock(time: number, now: number): string {
  const isToday = new Date(time).toDateString() === new Date(now).toDateString();
  return isToday ? TIME.format(time) : `${DAY.format(time)} ${TIME.format(time)}`;
}

/** A date and a time with milliseconds, and the offset from UTC: `2026-11-23 14:03:07.120 +01:00`. */
export function exactTime(time: number): string {
  const offset = -new Date(time).getTimezoneOffset();
  const local = new Date(time + offset * 60_000).toISOString();
  const [hours, minutes] = [Math.trunc(Math.abs(offset) / 60), Math.abs(offset) % 60].map((part) =>
    String(part).padStart(2, '0'),
  );
  return `${local.slice(0, 10)} ${local.slice(11, 23)} ${offset < 0 ? '−' : '+'}${hours}:${minutes}`;
}

/** A size: `512 B`, `1.5 kB`, `2.0 MB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${(bytes / 1000).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

/** A duration in milliseconds: `0.8 ms`, `12 ms`. */
export function duration(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

/** A number and its noun. */
export function counted(count: number, noun: string, plural = `${noun}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? noun : plural}`;
}

/** Part of a sentence as a sentence. */
export function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

/** A time as an input of the type `datetime-local` has it, in the browser's time zone: `2026-11-23T14:03:07`. */
export function inputTime(time: number): string {
  return new Date(time - new Date(time).getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}

/** The time of such an input, in epoch milliseconds. */
export const timeIn = (input: string): number => new Date(input).getTime();

/** The browser's time zone, with its offset at a time: `Europe/Berlin, UTC+01:00`. */
export function zoneName(time: number): string {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return timeZone === 'UTC'
    ? timeZone
    : `${timeZone}, UTC${exactTime(Number.isNaN(time) ? Date.now() : time)
        .split(' ')
        .at(-1)}`;
}
