import { median } from 'simple-statistics';

/** The same request in several sizes, and how to handle it once. */
export interface Growing<Request> {
  /** @param size as a share of the whole; 0 for the request with nothing that grows */
  readonly build: (share: number) => Request;
  readonly handle: (request: Request) => Promise<unknown>;
}

/** How work is measured. */
export interface MeasureOptions {
  /** CPU time of the process so far, in microseconds. */
  readonly cpu: () => number;
  /** Measurements of each size; their median counts. */
  readonly rounds: number;
  /** The least CPU time of one measurement, in microseconds. A request that takes less is handled several times. */
  readonly leastMicros: number;
}

/** How the work grows from half of the size to all of it. The work for the request without it is subtracted. */
export interface Growth {
  /** CPU time of a request of half the size, in microseconds. */
  readonly halfMicros: number;
  /** CPU time of a request of the whole size, in microseconds. */
  readonly wholeMicros: number;
  /** The second divided by the first. */
  readonly ratio: number;
  /**
   * - `constant`: the work for the size is too little to measure
   * - `superlinear`: the ratio was over {@link MAX_RATIO} again and again, and so was that of twice the size
   */
  readonly verdict: 'constant' | 'linear' | 'superlinear';
}

/** The most work, relative to half of the size. Linear work has 2, quadratic work 4. */
export const MAX_RATIO = 3;

/** Measurements before a path fails: on a busy machine, one may be wrong. */
const ATTEMPTS = 4;

/** The least work that counts as more than noise of the floor: in microseconds, and as a share of the floor. */
const LEAST_MICROS = 100;
const LEAST_SHARE = 0.5;

/** The most calls of one measurement. */
const MAX_CALLS = 200;

/**
 * Measures how the work for a request grows. A ratio over {@link MAX_RATIO} is measured again, each time with more rounds.
 * It may also be a step, such as the size from which memory is allocated in another way. Then twice the size does not have
 * such a ratio to the whole.
 */
export async function measureGrowth<Request>(growing: Growing<Request>, options: MeasureOptions): Promise<Growth> {
  let growth = await measureOnce(growing, options);
  for (let attempt = 2; attempt <= ATTEMPTS && growth.verdict === 'superlinear'; attempt += 1) {
    growth = await measureOnce(growing, { ...options, rounds: options.rounds * attempt });
  }
  if (growth.verdict !== 'superlinear') return growth;
  const next = await measureOnce({ ...growing, build: (share) => growing.build(share * 2) }, options);
  return { ...growth, verdict: next.verdict };
}

async function measureOnce<Request>(growing: Growing<Request>, options: MeasureOptions): Promise<Growth> {
  const sizes = [];
  for (const share of [0, 0.5, 1]) {
    const request = growing.build(share);
    sizes.push({ request, calls: await callsFor(request, growing, options), costs: [] as number[] });
  }
  for (let round = 0; round < options.rounds; round += 1) {
    for (const { request, calls, costs } of sizes) costs.push(await microsOf(request, calls, growing, options));
  }
  const [floor = 0, half = 0, whole = 0] = sizes.map(({ costs }) => median(costs));
  return judge(floor, half - floor, whole - floor);
}

/** CPU time of one call, as the mean of several. */
async function microsOf<Request>(
  request: Request,
  calls: number,
  { handle }: Growing<Request>,
  { cpu }: MeasureOptions,
): Promise<number> {
  const before = cpu();
  for (let call = 0; call < calls; call += 1) await handle(request);
  return (cpu() - before) / calls;
}

async function callsFor<Request>(request: Request, growing: Growing<Request>, options: MeasureOptions) {
  const micros = await microsOf(request, 1, growing, options);
  return Math.min(MAX_CALLS, Math.ceil(options.leastMicros / Math.max(micros, 1)));
}

function judge(floorMicros: number, halfMicros: number, wholeMicros: number): Growth {
  const least = Math.max(LEAST_MICROS, LEAST_SHARE * floorMicros);
  // The work for half of the size may be lost in the noise.
  const ratio = wholeMicros / Math.max(halfMicros, least / 4);
  if (wholeMicros < least) return { halfMicros, wholeMicros, ratio, verdict: 'constant' };
  return { halfMicros, wholeMicros, ratio, verdict: ratio > MAX_RATIO ? 'superlinear' : 'linear' };
}
