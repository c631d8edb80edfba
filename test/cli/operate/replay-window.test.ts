import { describe, expect, it } from '@jest/globals';
import { checkRetention, lagWarning, replayWindow } from '../../../cli/operate/replay-window.ts';

const NOW = new Date('2026-03-01T12:00:00.000Z');
const isoOf = (from: string, to?: string) => {
  const window = replayWindow(from, to, NOW);
  return [window.from.toISOString(), window.to.toISOString()];
};

describe('the window of a replay', () => {
  it.each([
    ['2026-03-01T08:00Z', '2026-03-01T10:00:30.5Z', '2026-03-01T08:00:00.000Z', '2026-03-01T10:00:30.500Z'],
    ['2026-03-01T08:00:00+02:00', '90m', '2026-03-01T06:00:00.000Z', '2026-03-01T10:30:00.000Z'],
    ['3d', '2h', '2026-02-26T12:00:00.000Z', '2026-03-01T10:00:00.000Z'],
    ['1h', undefined, '2026-03-01T11:00:00.000Z', '2026-03-01T12:00:00.000Z'],
  ])('may be given as --from %s --to %s', (from, to, expectedFrom, expectedTo) => {
    expect(isoOf(from, to)).toEqual([expectedFrom, expectedTo]);
  });

  it.each([
    ['1h', '2h', /out of order: --from 2026-03-01T11:00:00\.000Z is not before --to 2026-03-01T10/],
    ['1h', '1h', /out of order/],
    ['1h', '2026-03-01T12:00:01Z', /--to 2026-03-01T12:00:01\.000Z is in the future/],
    ['2026-03-01T08:00', undefined, /--from "2026-03-01T08:00" is not a time\. Give ISO 8601 with a time zone/],
    ['2026-03-01', undefined, /is not a time/],
    ['2026-02-29T08:00Z', undefined, /is not a time/],
    ['2026-13-01T08:00Z', undefined, /is not a time/],
    ['2026-03-01T25:00Z', undefined, /is not a time/],
    ['yesterday', undefined, /is not a time/],
    ['1h', '', /--to "" is not a time/],
  ])('is refused as --from %s --to %s', (from, to, message) => {
    expect(() => isoOf(from, to)).toThrow(message);
  });

  it('is refused if it begins before the retention of the archive', () => {
    const window = replayWindow('10d', '9d', NOW);
    expect(() => checkRetention(window, 9, NOW)).toThrow(
      'The archive keeps events for 9 days: begin at 2026-02-20T12:00:00.000Z or later.',
    );
    expect(() => checkRetention(window, 10, NOW)).not.toThrow();
    expect(() => checkRetention(window, 0, NOW)).not.toThrow();
  });

  it('comes with a warning if it ends so recently that the archive may lack events', () => {
    expect(lagWarning(replayWindow('1h', '9m', NOW), NOW)).toMatch(/10 minutes behind: .* since 2026-03-01T11:50:00/);
    expect(lagWarning(replayWindow('1h', '10m', NOW), NOW)).toBeUndefined();
  });
});
