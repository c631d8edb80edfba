import { describe, expect, it } from '@jest/globals';
import { measureGrowth } from '../../../bench/growth/measure-growth.ts';

const FLOOR = 50;

/** Measures with a clock that only the work moves. @param micros CPU time of a request by its share of the whole */
async function verdictOn(micros: (share: number, call: number) => number): Promise<string> {
  let time = 0;
  let calls = 0;
  const handle = async (share: number) => {
    calls += 1;
    time += FLOOR + micros(share, calls);
  };
  const options = { cpu: () => time, rounds: 3, leastMicros: 1_000 };
  return (await measureGrowth({ build: (share) => share, handle }, options)).verdict;
}

describe('The verdict on growing work', () => {
  it.each<[string, string, (share: number) => number]>([
    ['linear', 'linear work', (share) => 10_000 * share],
    ['linear', 'work that grows with n log n', (share) => 10_000 * share * Math.log2(1 + 1_000 * share)],
    ['linear', 'a step in linear work', (share) => (share > 0.5 ? 60_000 : 10_000) * share],
    ['superlinear', 'quadratic work', (share) => 10_000 * share ** 2],
    ['superlinear', 'quadratic work beside linear work', (share) => 1_000 * share + 10_000 * share ** 2],
    ['superlinear', 'cubic work', (share) => 10_000 * share ** 3],
    ['constant', 'no work', () => 0],
    ['constant', 'less work than can be measured', (share) => 90 * share ** 2],
  ])('is %s for %s', async (expected, _, micros) => {
    expect(await verdictOn(micros)).toBe(expected);
  });

  it('is linear if the first measurement alone was disturbed', async () => {
    expect(await verdictOn((share, call) => 10_000 * share * (share === 1 && call < 12 ? 3 : 1))).toBe('linear');
  });
});
