import { describe, expect, it } from '@jest/globals';
import { rotationTimes } from '../../../lambda/secrets/rotation-times.ts';

const SOURCE = 'partner';

describe('The time of a rotation', () => {
  it('is the creation of the first version that is seen', () => {
    const rotatedAt = rotationTimes();
    expect(rotatedAt(SOURCE, { id: 'one', createdAt: 5 }, 1_000)).toBe(5);
    expect(rotatedAt(SOURCE, { id: 'one', createdAt: 5 }, 2_000)).toBe(5);
  });

  it('is the creation of a version that is newer than the last sight of another', () => {
    const rotatedAt = rotationTimes();
    rotatedAt(SOURCE, { id: 'one', createdAt: 5 }, 1_000);
    expect(rotatedAt(SOURCE, { id: 'two', createdAt: 1_000 }, 9_000)).toBe(1_000);
  });

  it('is the first sight of a version that existed while another one was current', () => {
    const rotatedAt = rotationTimes();
    rotatedAt(SOURCE, { id: 'one', createdAt: 5 }, 1_000);
    expect(rotatedAt(SOURCE, { id: 'two', createdAt: 999 }, 2_000)).toBe(2_000);
    expect(rotatedAt(SOURCE, { id: 'two', createdAt: 999 }, 3_000)).toBe(2_000);
  });

  it('is the first sight of a version that became current again', () => {
    const rotatedAt = rotationTimes();
    rotatedAt(SOURCE, { id: 'one', createdAt: 5 }, 1_000);
    rotatedAt(SOURCE, { id: 'two', createdAt: 1_500 }, 2_000);
    expect(rotatedAt(SOURCE, { id: 'one', createdAt: 5 }, 3_000)).toBe(3_000);
  });

  it('of each source is separate', () => {
    const rotatedAt = rotationTimes();
    rotatedAt(SOURCE, { id: 'one', createdAt: 5 }, 1_000);
    expect(rotatedAt('other', { id: 'two', createdAt: 6 }, 2_000)).toBe(6);
  });
});
