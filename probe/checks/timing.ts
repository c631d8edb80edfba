import { median, quantile, sampleWithReplacement, wilcoxonRankSum } from 'simple-statistics';
import { type SignedRequest, withHeaders } from '../../lambda/signature/signed-request.ts';
import { type Digest, withWrongByte } from '../digest.ts';
import type { Prober } from '../prober.ts';
import { type Check, digest, type Finding, failed, inconclusive, type Need, passed, secret } from './check.ts';

/** Number of measured requests per kind. */
const SAMPLES = 150;
/** Number of requests per kind that are discarded, while the endpoint warms up. */
const WARM_UP = 10;
/** Standard deviations that count as evidence: probes run often, and chance alone gives fewer than 5. */
const SIGNIFICANT = 5;
/** The least difference, as a share of the median, that can be due to the comparison. */
const LEAST_SHARE = 0.05;

const measurable: Need = ({ target, settings }) => {
  if (target.isLoopback || settings.measuresTiming) return undefined;
  return 'The check needs --timing for an endpoint that is not on loopback.';
};

const timing: Check = {
  id: 'timing',
  title: 'Response times do not reveal how much of a signature is right.',
  failedTitle: 'Response times reveal how much of a signature is right',
  severity: 'medium',
  why: 'A comparison that stops at the first wrong byte reveals by its time how many bytes are right. Over a network the difference is hard to measure, but not impossible.',
  fix: 'Compare in constant time: crypto.timingSafeEqual, hmac.compare_digest.',
  requests: 2 * (SAMPLES + WARM_UP),
  needs: [secret, digest, measurable],
  async run(prober) {
    const request = prober.genuine();
    const found = prober.digestOf(request);
    if (!found) return inconclusive('The probe found no digest in the signature header.');
    const { early, late } = await measure(prober, request, found);
    return judgeTimes(early.slice(WARM_UP), late.slice(WARM_UP));
  },
};

/** Response times, in milliseconds. */
interface Times {
  /** Of a signature whose first byte is wrong. */
  readonly early: number[];
  /** Of a signature whose last byte is wrong. */
  readonly late: number[];
}

async function measure(prober: Prober, request: SignedRequest, found: Digest): Promise<Times> {
  const { signatureHeader: name = '' } = prober;
  const wrong = (index: number) => withHeaders(request, { [name]: withWrongByte(found, index) });
  const requests = { early: wrong(0), late: wrong(-1) };
  const times: Times = { early: [], late: [] };
  for (let round = 0; round < SAMPLES + WARM_UP; round += 1) {
    const kinds = Math.random() < 0.5 ? (['early', 'late'] as const) : (['late', 'early'] as const);
    for (const kind of kinds) {
      const what = 'a signature with one wrong byte';
      const { milliseconds } = await prober.send(what, requests[kind], { isQuiet: true });
      times[kind].push(milliseconds);
    }
  }
  return times;
}

/**
 * Judges whether response times, in milliseconds, distinguish a wrong first byte from a wrong last byte. The check fails
 * only if the evidence is very strong and the difference is large.
 */
export function judgeTimes(early: readonly number[], late: readonly number[]): Finding {
  const deviations = Math.abs(rankSumDeviations(early, late));
  const difference = median([...late]) - median([...early]);
  const [low, high] = confidenceInterval(early, late);
  const interval = `95% confidence interval: ${micros(low)} to ${micros(high)} µs`;
  const measured = `${micros(difference)} µs (${interval}; ${deviations.toFixed(1)} standard deviations)`;
  if (deviations < SIGNIFICANT) {
    return passed(`The difference is not significant: ${measured}. The probe cannot measure a smaller one.`);
  }
  const isLarge = Math.abs(difference) > LEAST_SHARE * median([...early]);
  if (isLarge && difference > 0) return failed(`A signature with a wrong last byte takes longer by ${measured}.`);
  return inconclusive(`The difference is significant, but a comparison would not cause it: ${measured}.`);
}

const micros = (milliseconds: number) => Math.round(milliseconds * 1000);

/** Distance of the rank sum from its mean, in standard deviations. @see https://en.wikipedia.org/wiki/Mann-Whitney_U_test */
function rankSumDeviations(one: readonly number[], other: readonly number[]): number {
  const [n, m] = [one.length, other.length];
  const mean = (n * (n + m + 1)) / 2;
  const deviation = Math.sqrt((n * m * (n + m + 1)) / 12);
  return (wilcoxonRankSum([...one], [...other]) - mean) / deviation;
}

/** 95% confidence interval of the difference of the medians, by bootstrapping. */
function confidenceInterval(early: readonly number[], late: readonly number[]): readonly [number, number] {
  const draw = (times: readonly number[]) => median(sampleWithReplacement([...times], times.length));
  const differences = Array.from({ length: 400 }, () => draw(late) - draw(early));
  return [quantile(differences, 0.025), quantile(differences, 0.975)];
}

export const timingChecks: readonly Check[] = [timing];
