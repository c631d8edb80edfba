import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';
import { COMPILE_CACHE } from '../support/compile-cache.ts';
import { BREAKS } from './breaks.ts';

// Guards the guarantees over time: outages, rotations, retries, floods and replays, in days that take milliseconds.

interface Result {
  readonly status: number;
  readonly stdout: string;
}

const SCRIPT = fileURLToPath(new URL('./simulate.ts', import.meta.url));

function simulate(...args: readonly string[]): Promise<Result> {
  return new Promise((resolve) => {
    execFile(process.execPath, [SCRIPT, ...args], { env: COMPILE_CACHE, maxBuffer: 1e8 }, (error, stdout) => {
      resolve({ status: Number(error?.code ?? 0), stdout });
    });
  });
}

it('No invariant breaks in twenty simulated days', async () => {
  const { status, stdout } = await simulate('--days', '20');
  expect(stdout).toMatch(/20 days, seeds 1 to 20, \d+ s: 0 broke an invariant\./);
  expect(status).toBe(0);
});

it('The same seed repeats the same day', async () => {
  const [one, other] = await Promise.all([1, 2].map(() => simulate('--seed', '7', '--days', '1', '--trace')));
  const linesOf = (result: Result | undefined) => result?.stdout.split('\n').filter((line) => line.startsWith('2026-'));
  expect(linesOf(one)?.length).toBeGreaterThan(20);
  expect(linesOf(other)).toEqual(linesOf(one));
});

it.each(['failure-acknowledged', 'no-overflow'])('The simulation finds the fault %s', async (name) => {
  const { status, stdout } = await simulate('--broken', '--break', name, '--days', '40');
  expect(stdout).toMatch(new RegExp(`^${name} +seed \\d+: ${BREAKS[name]?.breaks[0]}`));
  expect(status).toBe(0);
});

const changes = Object.entries(BREAKS).flatMap(([name, each]) => each.changes.map((change) => ({ name, ...change })));

it.each(changes)('The source that $name changes is there once in $file', ({ file, from }) => {
  const source = readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
  expect(source.split(from)).toHaveLength(2);
});
