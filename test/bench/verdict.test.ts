import { describe, expect, it } from '@jest/globals';
import { faultsIn, type Interval } from '../../bench/verdict.ts';

/** A run of thirty intervals; `changes` says what is other than usual in each. */
function series(changes: (index: number) => Partial<Interval> = () => ({})): Interval[] {
  const usual = { heapBytes: 27e6, residentBytes: 150e6, handles: 12, p50: 4, p99: 20, answers: 80, wrong: [] };
  return Array.from({ length: 30 }, (_, index) => ({ ...usual, ...changes(index) }));
}

/** Up and down, as a collector leaves it. */
const noise = (index: number) => ((index * 7) % 5) * 0.3e6;

describe('the verdict on a soak', () => {
  it.each<[string, (index: number) => Partial<Interval>]>([
    ['nothing changes', () => ({})],
    ['memory goes up and down', (index) => ({ heapBytes: 27e6 + noise(index) })],
    ['memory rises while it warms up, and stays', (index) => ({ heapBytes: 27e6 + Math.min(index, 12) * 1e6 })],
    ['a few more handles are open at times', (index) => ({ handles: 10 + (index % 4) })],
  ])('is well where %s', (_, changes) => {
    expect(faultsIn(series(changes))).toEqual([]);
  });

  it.each<[string, (index: number) => Partial<Interval>]>([
    ['heap', (index) => ({ heapBytes: 27e6 + index * 0.4e6 + noise(index) })],
    ['resident memory', (index) => ({ residentBytes: 150e6 + index * 4e6 })],
    ['open handles', (index) => ({ handles: 12 + Math.floor(index / 3) })],
  ])('names a leak of %s', (what, changes) => {
    expect(faultsIn(series(changes))).toEqual([`${what} is growing`]);
  });

  it('counts wrong answers, and quotes the first', () => {
    const wrong = ['forged was answered 200', 'forged was answered 500'];
    const faults = faultsIn(series((index) => (index === 4 ? { wrong } : {})));
    expect(faults).toEqual(['2 wrong answers, the first: forged was answered 200']);
  });
});
