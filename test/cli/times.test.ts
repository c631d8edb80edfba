import { describe, expect, it } from '@jest/globals';
import { queryOf } from '../../cli/deliveries/query-options.ts';
import { localTime, timeOf } from '../../cli/times.ts';

/** Noon here. */
const NOON = new Date(2026, 10, 23, 12, 0, 0);
const here = (...parts: [number, number, number, number?, number?, number?]) => new Date(...parts).getTime();

describe('A time', () => {
  it.each([
    ['90s', NOON.getTime() - 90_000],
    ['30m', NOON.getTime() - 30 * 60_000],
    ['2h', NOON.getTime() - 2 * 3_600_000],
    ['3d', NOON.getTime() - 3 * 86_400_000],
    ['11:59', here(2026, 10, 23, 11, 59)],
    ['9:05:30', here(2026, 10, 23, 9, 5, 30)],
    ['14:03', here(2026, 10, 22, 14, 3)],
    ['today', here(2026, 10, 23)],
    ['yesterday', here(2026, 10, 22)],
    ['2026-11-20', here(2026, 10, 20)],
    ['2026-11-20T14:03', here(2026, 10, 20, 14, 3)],
    ['2026-11-20 14:03:07', here(2026, 10, 20, 14, 3, 7)],
    ['2026-11-20T14:03Z', Date.UTC(2026, 10, 20, 14, 3)],
    ['2026-11-20T14:03:07.250+01:00', Date.UTC(2026, 10, 20, 13, 3, 7, 250)],
  ])('may be %s', (text, expected) => {
    expect(timeOf('--from', text, NOON)).toBe(expected);
  });

  it.each(['', 'noon', '24:00', '14:60', '2h ago', '-2h', '2w', '2026-02-30', '2026-13-01', '20.11.2026', '14'])(
    'is not "%s"',
    (text) => {
      expect(() => timeOf('--from', text, NOON)).toThrow(`--from "${text}" is not a time.`);
    },
  );

  it.each([
    ['11:30Z', '2026-11-23T12:00Z', '2026-11-23T11:30Z'],
    ['14:03Z', '2026-11-23T12:00Z', '2026-11-22T14:03Z'],
    // It is the next day there, and still the day before.
    ['00:30+14:00', '2026-11-23T12:00Z', '2026-11-23T10:30Z'],
    ['23:30-11:00', '2026-11-23T12:00Z', '2026-11-23T10:30Z'],
  ])('may be %s on the clock of another time zone', (text, now, expected) => {
    expect(timeOf('--from', text, new Date(now))).toBe(Date.parse(expected));
  });

  it.each([
    [
      'ends in the future, if that is within an hour',
      '11:50',
      here(2026, 10, 23, 11, 50),
      '12:10',
      here(2026, 10, 23, 12, 10),
    ],
    ['ends after midnight', '23:50', here(2026, 10, 22, 23, 50), '00:10', here(2026, 10, 23, 0, 10)],
    ['ends yesterday, if it began then', '14:00', here(2026, 10, 22, 14, 0), '14:10', here(2026, 10, 22, 14, 10)],
    [
      'ends before it begins, if its times are in the wrong order',
      '11:00',
      here(2026, 10, 23, 11),
      '10:00',
      here(2026, 10, 23, 10),
    ],
  ])('of a window %s', (_, first, from, last, to) => {
    expect(timeOf('--from', first, NOON)).toBe(from);
    expect(timeOf('--to', last, NOON, from)).toBe(to);
  });

  it('of all of yesterday is from yesterday to today', () => {
    const { from, to } = queryOf({ from: 'yesterday', to: 'today' }, [], { now: NOON, defaultFrom: 0 });
    expect([from, to]).toEqual([here(2026, 10, 22), here(2026, 10, 23)]);
  });

  it('is shown as the clock here shows it', () => {
    expect(localTime(here(2026, 0, 2, 3, 4, 5))).toBe('2026-01-02 03:04:05');
  });
});
