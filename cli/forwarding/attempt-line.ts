import { print } from '../print.ts';
import { printableLine } from '../printable.ts';
import type { Attempt } from './handler-queue.ts';
import { MAX_ATTEMPTS } from './handler-queue.ts';

/** Prints the line about an attempt. */
export function printAttempt(attempt: Attempt): void {
  const line = attemptLine(attempt, new Date());
  if (line !== undefined) print(line);
}

/** The line about an attempt; undefined for one that brings nothing new: a handler that is still not reachable. */
function attemptLine(attempt: Attempt, at: Date): string | undefined {
  if (attempt.outcome === 'unreachable' && attempt.number > 1) return undefined;
  const { source, description } = attempt;
  return printableLine(`${at.toISOString()} → ${source} ${description}: ${resultOf(attempt)}`);
}

function resultOf({ outcome, status, reason, number, latencyMs, retryMs = 0 }: Attempt): string {
  if (outcome === 'unreachable') return `no handler: ${reason}; waiting for it`;
  const isRedirect = status !== undefined && status >= 300 && status < 400;
  const result = `${status ?? reason}${isRedirect ? ' (a redirect, which is not followed)' : ''} in ${latencyMs.toFixed(1)} ms`;
  if (outcome === 'accepted') return number > 1 ? `${result}, attempt ${number}` : result;
  if (outcome === 'given_up') return `${result}, given up after ${number} attempts`;
  return `${result}, attempt ${number} of ${MAX_ATTEMPTS}, next in ${retryMs / 1000} s`;
}
