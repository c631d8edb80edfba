import { describe, expect, it } from '@jest/globals';
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

  it('is shown as the clock here shows it', () => {
    expect(localTime(here(2026, 0, 2, 3, 4, 5))).toBe('2026-01-02 03:04:05');
  });
});
