import { describe, expect, it } from '@jest/globals';
import {
  iso8601,
  iso8601WithOffset,
  isTimely,
  milliseconds,
  seconds,
  validateTime,
} from '../../../lambda/signature/signed-time.ts';

const NOW = Date.parse('2026-03-01T12:00:00.250Z');

describe('A signed time', () => {
  it.each([
    ['seconds', '1772366400', seconds, 1_772_366_400_000],
    ['seconds', '0', seconds, 0],
    ['seconds', '99999999999', seconds, 99_999_999_999_000],
    ['milliseconds', '1772366400250', milliseconds, NOW],
    ['ISO 8601', '2026-03-01T12:00:00Z', iso8601, 1_772_366_400_000],
    ['ISO 8601', '2026-03-01T12:00:00.2Z', iso8601, 1_772_366_400_200],
    ['ISO 8601', '2026-03-01T12:00:00.250Z', iso8601, NOW],
    ['ISO 8601', '2026-03-01T12:00:00.250999999Z', iso8601, NOW],
    ['ISO 8601 with an offset', '2026-03-01T12:00:00.250Z', iso8601WithOffset, NOW],
    ['ISO 8601 with an offset', '2026-03-01T05:00:00.250-07:00', iso8601WithOffset, NOW],
    ['ISO 8601 with an offset', '2026-03-01T12:00:00', iso8601WithOffset, undefined],
    ['ISO 8601 with an offset', '2026-03-01T12:00:00+0000', iso8601WithOffset, undefined],
  ])('in %s is read from %j', (_, text, format, time) => {
    expect(format.parse(text)).toBe(time);
  });

  const inNoFormat = ['', ' ', 'x', '-1', '+1', '1.5', '1e3', '0x1f', '١٢', 'NaN', 'undefined'];
  const noSeconds = [
    '01772366400',
    '00',
    'x1772366400',
    '1772366400x',
    ' 1772366400',
    '1772366400 ',
    '1772366400\n',
    '100000000000',
  ];
  const noMilliseconds = ['01772366400250', 'x1772366400250', '1772366400250x', '1772366400250\n', '100000000000000'];
  const noIso8601 = [
    '2026-03-01T12:00:00Z\0',
    'x2026-03-01T12:00:00Z',
    ' 2026-03-01T12:00:00Z',
    '2026-03-01T12:00:00Zx',
    '+002026-03-01T12:00:00Z',
    '2026-03-01T12:00:00Z(x)',
    '2026-03-01T12:00:00Z (x)',
    '2026-03-01T12:00:00Z\n',
    '2026-03-01T12:00:00',
    '2026-03-01T12:00:00+00:00',
    '2026-03-01T12:00:00.Z',
    '2026-03-01T12:00:00.xZ',
    '2026-03-01T12:00:00.1234567891Z',
    '2026-03-01 12:00:00Z',
    '2026-13-01T12:00:00Z',
    '1772366400',
  ];
  it.each([
    ['seconds', seconds, [...inNoFormat, ...noSeconds]],
    ['milliseconds', milliseconds, [...inNoFormat, ...noMilliseconds]],
    ['ISO 8601', iso8601, [...inNoFormat, ...noIso8601]],
  ])('is malformed if it is not in %s, even if only white space differs', (_, format, texts) => {
    for (const text of texts) {
      expect([text, validateTime(text, { format, toleranceSeconds: 1e12 }, NOW)]).toEqual([text, 'malformed']);
    }
  });

  it.each([
    ['seconds', seconds, '1772366400'],
    ['milliseconds', milliseconds, '1772366400250'],
    ['ISO 8601', iso8601, '2026-03-01T12:00:00Z'],
  ])('is written in %s', (_, format, text) => {
    expect(format.format(NOW)).toBe(text);
  });

  it.each([
    [300, 300_000, 300_000],
    [60, 60_000, 60_000],
    [3600, 3_600_000, 300_000],
  ])('with a tolerance of %i s may be up to %i ms old and up to %i ms ahead', (tolerance, past, future) => {
    expect(isTimely(NOW - past, tolerance, NOW)).toBe(true);
    expect(isTimely(NOW - past - 1, tolerance, NOW)).toBe(false);
    expect(isTimely(NOW + future, tolerance, NOW)).toBe(true);
    expect(isTimely(NOW + future + 1, tolerance, NOW)).toBe(false);
  });

  it('is outside_tolerance if it is too old or too far ahead', () => {
    const time = { format: milliseconds, toleranceSeconds: 60 };
    expect(validateTime(String(NOW - 60_000), time, NOW)).toBeUndefined();
    expect(validateTime(String(NOW - 60_001), time, NOW)).toBe('outside_tolerance');
    expect(validateTime(String(NOW + 60_001), time, NOW)).toBe('outside_tolerance');
  });
});
