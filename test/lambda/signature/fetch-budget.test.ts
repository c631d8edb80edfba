import { describe, expect, it } from '@jest/globals';
import { fetchBudget } from '../../../lambda/signature/fetch-budget.ts';

/** Random numbers that make every interval 4 s. */
const even = () => 0.5;

const url = (index: number) => `https://example.com/${index}.pem`;

/** The number of new URLs, from `first` on, that are allowed at the same time. */
function allowedAt(budget: ReturnType<typeof fetchBudget>, first: number, now: number): number {
  let count = 0;
  while (budget(url(first + count), now)) count += 1;
  return count;
}

describe('A fetch budget', () => {
  it('allows 5 fetches at once, and then one in 4 seconds', () => {
    const budget = fetchBudget(even);
    expect(allowedAt(budget, 0, 0)).toBe(5);
    expect(budget(url(10), 3_999)).toBe(false);
    expect(budget(url(11), 4_000)).toBe(true);
    expect(budget(url(12), 4_000)).toBe(false);
    expect(allowedAt(budget, 20, 12_000)).toBe(2);
  });

  it('allows 5 at once again after a pause, and not more', () => {
    const budget = fetchBudget(even);
    allowedAt(budget, 0, 0);
    expect(allowedAt(budget, 10, 3600_000)).toBe(5);
  });

  it('allows a URL that it refused when it is named again, although new URLs have used up theirs', () => {
    const budget = fetchBudget(even);
    allowedAt(budget, 0, 0);
    expect([budget('genuine', 0), budget(url(10), 0), budget('genuine', 0)]).toEqual([false, false, true]);
  });

  it('allows refused URLs as often as new ones', () => {
    const budget = fetchBudget(even);
    allowedAt(budget, 0, 0);
    const refused = Array.from({ length: 10 }, (_, index) => url(10 + index));
    for (const each of refused) budget(each, 0);
    expect(refused.filter((each) => budget(each, 0))).toHaveLength(5);
    expect(refused.slice(5).filter((each) => budget(each, 4_000))).toHaveLength(1);
  });

  it('remembers a refused URL until 1,000 others are refused', () => {
    const budget = fetchBudget(even);
    allowedAt(budget, 0, 0);
    budget('genuine', 0);
    for (let index = 0; index < 999; index += 1) budget(url(10 + index), 0);
    expect(budget('genuine', 0)).toBe(true);
    budget('another', 0);
    for (let index = 0; index < 1_000; index += 1) budget(url(2_000 + index), 0);
    expect(budget('another', 0)).toBe(false);
  });

  it('varies its intervals from none to 8 seconds, so that nobody can predict the next fetch', () => {
    const at = (random: number, now: number) => {
      const budget = fetchBudget(() => random);
      allowedAt(budget, 0, 0);
      return budget(url(10), now);
    };
    expect([at(0.25, 1_999), at(0.25, 2_000)]).toEqual([false, true]);
    expect([at(0.99, 7_900), at(0.99, 7_920)]).toEqual([false, true]);
  });
});
