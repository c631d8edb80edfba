import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { abortAt } from '../../../lambda/aws/deadline.ts';

beforeEach(() => {
  jest.useFakeTimers();
  jest.advanceTimersByTime(10_000);
});
afterEach(() => {
  jest.useRealTimers();
});

it('A signal aborts with a TimeoutError at its deadline, and not before', () => {
  using deadline = abortAt(performance.now() + 500);
  jest.advanceTimersByTime(499);
  expect(deadline.signal.aborted).toBe(false);
  jest.advanceTimersByTime(1);
  expect(deadline.signal).toMatchObject({
    aborted: true,
    reason: { name: 'TimeoutError', message: 'The deadline has passed.' },
  });
});

it('A signal aborts at once if its deadline has passed', () => {
  using deadline = abortAt(performance.now() - 500);
  jest.advanceTimersByTime(0);
  expect(deadline.signal.aborted).toBe(true);
});

it('A disposed deadline holds no timer and never aborts its signal', () => {
  const { signal, [Symbol.dispose]: dispose } = abortAt(performance.now() + 500);
  dispose();
  expect(jest.getTimerCount()).toBe(0);
  jest.advanceTimersByTime(1_000);
  expect(signal.aborted).toBe(false);
});
