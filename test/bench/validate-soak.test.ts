import { describe, expect, it } from '@jest/globals';
import { type Interval, validateSoak } from '../../bench/validate-soak.ts';

/** Thirty intervals without a problem, each with the given changes. */
function intervals(changes: (index: number) => Partial<Interval> = () => ({})): Interval[] {
  const usual = { heapBytes: 27e6, residentBytes: 150e6, handles: 12, p50: 4, p99: 20, requests: 80, errors: [] };
  return Array.from({ length: 30 }, (_, index) => ({ ...usual, ...changes(index) }));
}

/** Rises and falls, as between garbage collections. */
const noise = (index: number) => ((index * 7) % 5) * 0.3e6;

describe('the verdict on a soak', () => {
  it.each<[string, (index: number) => Partial<Interval>]>([
    ['nothing changes', () => ({})],
    ['memory rises and falls', (index) => ({ heapBytes: 27e6 + noise(index) })],
    ['memory rises during the warm-up only', (index) => ({ heapBytes: 27e6 + Math.min(index, 12) * 1e6 })],
    ['a few more handles are open at times', (index) => ({ handles: 10 + (index % 4) })],
  ])('reports no problem if %s', (_, changes) => {
    expect(validateSoak(intervals(changes))).toEqual([]);
  });

  it.each<[string, (index: number) => Partial<Interval>]>([
    ['heap', (index) => ({ heapBytes: 27e6 + index * 0.4e6 + noise(index) })],
    ['resident memory', (index) => ({ residentBytes: 150e6 + index * 4e6 })],
    ['open handles', (index) => ({ handles: 12 + Math.floor(index / 3) })],
  ])('reports growth of %s throughout the soak', (figure, changes) => {
    expect(validateSoak(intervals(changes))).toEqual([`growth of ${figure}`]);
  });

  it('counts unexpected responses and quotes the first', () => {
    const errors = ['a forgery: 200', 'a forgery: 500'];
    const problems = validateSoak(intervals((index) => (index === 4 ? { errors } : {})));
    expect(problems).toEqual(['2 unexpected responses, the first: a forgery: 200']);
  });
});
