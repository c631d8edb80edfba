import { describe, expect, it } from '@jest/globals';
import { judgeTimes } from '../../../probe/checks/timing.ts';

/** Times with some spread, in milliseconds. */
const around = (milliseconds: number) => Array.from({ length: 150 }, (_, index) => milliseconds + (index % 30) / 100);

describe('the check of response times', () => {
  it.each([
    ['passes', 'no difference', around(1), around(1), 'passed'],
    ['fails', 'a large and significant difference', around(1), around(1.5), 'failed'],
    ['is inconclusive', 'a difference in the other direction', around(1.5), around(1), 'inconclusive'],
    ['is inconclusive', 'a significant but small difference', around(100), around(100.5), 'inconclusive'],
  ])('%s for %s', (_, __, early, late, verdict) => {
    expect(judgeTimes(early, late).verdict).toBe(verdict);
  });
});
