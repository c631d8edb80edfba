import { median, quantile, sampleWithReplacement, wilcoxonRankSum } from 'simple-statistics';
import { withHeaders } from '../../lambda/signature/signed-request.ts';
import { withWrongByte } from '../digest.ts';
import { type Check, digest, type Finding, failed, inconclusive, passed, secret } from './check.ts';

/** How many requests of each kind. */
const SAMPLES = 150;
/** How many are left out at the beginning, while the endpoint warms up. */
const WARM_UP = 10;
/** How many standard deviations count as evidence: a probe is run often, and chance makes fewer than 5. */
const SIGNIFICANT = 5;
/** The least difference, as a share of the median, that is taken for the comparison and not for chance. */
const LEAST_SHARE = 0.05;

const timing: Check = {
  id: 'timing',
  title: 'Time does not tell how much of a signature is right.',
  severity: 'medium',
  why: 'A comparison that stops at the first wrong byte tells, by its time, how many are right. Over a network that is hard to measure, but not impossible.',
  fix: 'Compare in constant time: crypto.timingSafeEqual, hmac.compare_digest.',
  requests: 2 * (SAMPLES + WARM_UP),
  needs: [
    secret,
    digest,
    ({ target, settings }) =>
      target.isLoopback || settings.measuresTiming
        ? undefined
        : 'Needs --timing for an endpoint that is not on loopback.',
  ],
  async run(prober) {
    const request = prober.genuine();
    const found = prober.digestOf(request);
    if (!found) return inconclusive('No digest was found.');
    const wrong = (index: number) =>
      withHeaders(request, { [prober.signatureHeader ?? '']: withWrongByte(found, index) });
    const [early, late] = [wrong(0), wrong(-1)];
    const times: Times = { early: [], late: [] };
    const take = async (kind: keyof Times, what: string) => {
      const { milliseconds } = await prober.send(what, kind === 'early' ? early : late, { isQuiet: true });
      times[kind].push(milliseconds);
    };
    for (let round = 0; round < SAMPLES + WARM_UP; round += 1) {
      const kinds = Math.random() < 0.5 ? (['early', 'late'] as const) : (['late', 'early'] as const);
      for (const kind of kinds) await take(kind, 'a signature with one wrong byte');
    }
    return judgeTimes(times.early.slice(WARM_UP), times.late.slice(WARM_UP));
  },
};

interface Times {
  readonly early: number[];
  readonly late: number[];
}

/**
 * Whether times, in milliseconds, tell a first wrong byte from a last one. It says so only where both the evidence is
 * very strong and the difference is large; everything else is passed, with what could be measured.
 */
export function judgeTimes(early: readonly number[], late: readonly number[]): Finding {
  const deviations = rankSumDeviations(early, late);
  const difference = median([...late]) - median([...early]);
  const [low, high] = interval(early, late);
  const measured = `${micro(difference)} µs (95 % between ${micro(low)} and ${micro(high)} µs), ${Math.abs(deviations).toFixed(1)} standard deviations`;
  const isLarge = Math.abs(difference) > LEAST_SHARE * median([...early]);
  if (Math.abs(deviations) < SIGNIFICANT)
    return passed(`No difference was found: ${measured}. A smaller one cannot be seen from here.`);
  if (isLarge && difference > 0) return failed(`A signature whose last byte is wrong takes longer by ${measured}.`);
  return inconclusive(`There is a difference, but not one that a comparison would make: ${measured}.`);
}

const micro = (milliseconds: number) => Math.round(milliseconds * 1000);

/** How far the ranks lie from chance, in standard deviations. @see https://en.wikipedia.org/wiki/Mann-Whitney_U_test */
function rankSumDeviations(one: readonly number[], other: readonly number[]): number {
  const [n, m] = [one.length, other.length];
  const mean = (n * (n + m + 1)) / 2;
  const deviation = Math.sqrt((n * m * (n + m + 1)) / 12);
  return (wilcoxonRankSum([...one], [...other]) - mean) / deviation;
}

/** Of the difference of the medians, by drawing anew from what was measured. */
function interval(early: readonly number[], late: readonly number[]): readonly [number, number] {
  const draw = (times: readonly number[]) => median(sampleWithReplacement([...times], times.length));
  const differences = Array.from({ length: 400 }, () => draw(late) - draw(early));
  return [quantile(differences, 0.025), quantile(differences, 0.975)];
}

export const timingChecks: readonly Check[] = [timing];
