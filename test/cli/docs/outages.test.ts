import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { availabilityTables, outageTables } from '../../../cli/docs/outage-tables.ts';
import { OUTAGE_PAGES, withOutages } from '../../../cli/docs/outages.ts';
import {
  ASSUMED,
  type CacheTimes,
  CERTIFICATE_TIMES,
  lossesPerMillion,
  lostIfSpread,
  lostInBoth,
  lostSeconds,
  lostWithCache,
  lostWithInstances,
  monthlyOutage,
  patience,
  SECRET_TIMES,
  SERVICES,
} from '../../../cli/docs/outages-model.ts';
import { providers } from '../../../lambda/providers/index.ts';
import { cachedSecrets } from '../../../lambda/secrets/cached-secrets.ts';
import type { SecretResult } from '../../../lambda/secrets/signing-secret.ts';
import { RETRY_SCHEDULES } from '../../../samples/retry-schedules.ts';

const read = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');
const HOUR = 3600;
const DAY = 24 * HOUR;

/** The mean of a function over an interval, at the middle of each of so many steps. */
function mean(from: number, to: number, steps: number, value: (at: number) => number): number {
  const width = (to - from) / steps;
  return (
    Array.from({ length: steps }, (_, step) => value(from + (step + 0.5) * width)).reduce((sum, each) => sum + each) /
    steps
  );
}

describe('the documented losses in outages', () => {
  it.each(OUTAGE_PAGES)('are in %s as npm run outages writes them', (file) => {
    const page = read(file);
    expect(withOutages(file, page)).toBe(page);
  });

  it.each([
    ['of an outage', outageTables],
    ['per million events', availabilityTables],
  ])('have every provider once in the table %s', (_, tables) => {
    const rows = tables()
      .split('\n')
      .filter((line) => line.startsWith('|'));
    const cells = rows.flatMap((row) => row.split(/ \| |, |\| | \|/)).map((cell) => cell.replace(/ \(\d.*\)$/, ''));
    for (const provider of Object.values(providers)) {
      const { title } = provider();
      expect(`${title}: ${cells.filter((cell) => cell === title).length}`).toBe(`${title}: 1`);
    }
  });
});

describe('the time for which a provider retries', () => {
  it('is the sum of the delays between its attempts', () => {
    expect(patience(RETRY_SCHEDULES.sns, 'unavailable')).toBe(60);
    expect(patience(RETRY_SCHEDULES.slack, 'failed')).toBe(361);
    expect(patience(RETRY_SCHEDULES.github, 'unavailable')).toBe(0);
  });

  it('is zero after a response that it does not retry', () => {
    expect(patience(RETRY_SCHEDULES.typeform, 'unavailable')).toBe(10 * HOUR);
    expect(patience(RETRY_SCHEDULES.typeform, 'failed')).toBe(0);
    expect(patience(RETRY_SCHEDULES.twilio, 'unavailable')).toBe(0);
    expect(patience(RETRY_SCHEDULES.twilio, 'failed')).toBe(0);
  });
});

describe('the events that an outage loses', () => {
  it('are those whose last attempt is within it', () => {
    const attempts = [0, 20, 40, 60];
    const isLost = (at: number) => attempts.every((attempt) => at + attempt < 300);
    expect(lostSeconds(300, 60)).toBeCloseTo(300 * mean(0, 300, 3_000, (at) => Number(isLost(at))), 1);
    expect(lostSeconds(300, 600)).toBe(0);
  });

  it('are, for two services, those whose last attempt is within the outages of both', () => {
    const { monthSeconds } = ASSUMED;
    const [one, other, window] = [40 * HOUR, 100 * HOUR, 6 * HOUR];
    const overlap = (start: number) => Math.max(0, Math.min(one, start + other) - Math.max(0, start));
    const lost = mean(-monthSeconds / 2, monthSeconds / 2, 20_000, (start) => lostSeconds(overlap(start), window));
    expect(lostInBoth(one, other, window) / lost).toBeCloseTo(1, 3);
  });

  it.each([
    ['a secret without its use while reads fail', SECRET_TIMES.without, 4 * 60, 0],
    ['a secret without its use while reads fail', SECRET_TIMES.without, HOUR, 60],
    ['a secret with its use for 24 hours', SECRET_TIMES.with, DAY, 0],
    ['a secret with its use for 24 hours', SECRET_TIMES.with, 2 * DAY, HOUR],
    ['a certificate without its use while fetches fail', CERTIFICATE_TIMES.without, 6 * HOUR, 60],
  ])('are, for %s, those that arrive after it has expired (%#)', (_, times: CacheTimes, outage, window) => {
    const lostAt = (age: number) => {
      const expired = Math.max(0, times.usable - age);
      return mean(0, outage, 2_000, (at) => Number(at >= expired && at + window < outage)) * outage;
    };
    expect(lostWithCache(outage, window, times) / outage).toBeCloseTo(
      mean(0, times.refreshed, 100, lostAt) / outage,
      3,
    );
  });

  it('are none while a secret or a certificate in memory is usable', () => {
    expect(lostWithCache(23 * HOUR, 0, SECRET_TIMES.with)).toBe(0);
    expect(lostWithCache(30 * DAY, 0, CERTIFICATE_TIMES.with)).toBe(0);
  });

  it('include all of those that reach a new instance', () => {
    expect(lostWithInstances(HOUR, 0, SECRET_TIMES.with)).toBeCloseTo(0.01 * HOUR);
    expect(lostWithInstances(HOUR, 0, SECRET_TIMES.without)).toBeCloseTo(0.01 * HOUR + 0.99 * (HOUR - 150));
  });
});

describe('the cache of the model', () => {
  it.each([
    ['reads a secret again', SECRET_TIMES.with.refreshed, 2],
    ['uses a secret while reads fail', SECRET_TIMES.with.usable, 'secret_unreachable'],
  ])('%s for as long as the cache of the receiver', async (_, seconds, expected) => {
    let now = 0;
    let reads = 0;
    const readSecret = async (): Promise<SecretResult> => {
      reads += 1;
      return reads === 1
        ? { secret: { current: 'secret' } }
        : { unavailable: { reason: 'secret_unreachable', cause: new Error('down') } };
    };
    const { get } = cachedSecrets(readSecret, () => now);
    const at = async (time: number) => {
      now = time;
      const result = await get('partner', now + 2_000);
      return expected === 2 ? reads : 'unavailable' in result && result.unavailable.reason;
    };
    await at(0);
    expect(await at(seconds * 1_000 - 1)).not.toBe(expected);
    expect(await at(seconds * 1_000)).toBe(expected);
  });
});

describe('the losses per million events', () => {
  it('follow from the time that an agreement allows a service to fail', () => {
    expect(monthlyOutage(SERVICES.table)).toBeCloseTo(259.2);
    expect(monthlyOutage(SERVICES.gateway)).toBeCloseTo(1_296);
  });

  it('are, for a provider that never retries, those of the outage, and with the queue those of both outages', () => {
    const { table, bucket, gateway } = lossesPerMillion(RETRY_SCHEDULES.github);
    expect(table.without).toBeCloseTo(100);
    expect(table.with).toBeCloseTo(0.1);
    expect(bucket.without).toBeCloseTo(1_000);
    expect(bucket.with).toBeCloseTo(1);
    expect(gateway.without).toBeCloseTo(1_000);
    expect(gateway.with).toBeCloseTo(1_000);
  });

  it('are none for a provider that retries for hours', () => {
    const none = { without: 0, with: 0 };
    expect(lossesPerMillion(RETRY_SCHEDULES.stripe)).toEqual({
      table: none,
      secrets: none,
      bucket: none,
      gateway: none,
      sum: none,
    });
  });

  it('have a sum without the losses of large payloads', () => {
    const { table, secrets, gateway, sum } = lossesPerMillion(RETRY_SCHEDULES.sns);
    expect(sum.without).toBeCloseTo(table.without + secrets.without + gateway.without);
    expect(sum.with).toBeCloseTo(table.with + secrets.with + gateway.with);
    expect(sum.with).toBeLessThan(sum.without);
  });

  it('are fewer with each retry if every attempt fails by itself', () => {
    expect(lostIfSpread(SERVICES.table, 1)).toBeCloseTo(100);
    expect(lostIfSpread(SERVICES.table, 2)).toBeCloseTo(0.01);
  });
});
