import fc from 'fast-check';

/** Values that a failed property printed, to reproduce the failure: see CONTRIBUTING.md. */
const { NUM_RUNS, SEED, COUNTEREXAMPLE, REPLAY_PATH } = process.env;

/** How long a property may run, in milliseconds: an hour with `NUM_RUNS`, else what package.json allows every test. */
export const PROPERTY_TIMEOUT_MS = NUM_RUNS ? 3_600_000 : undefined;

/**
 * The number of runs of a property and its seed: the same every time, unless the environment sets others.
 * @param few the number of runs without `NUM_RUNS`
 * @param usual the seed without `SEED`
 */
export function runs(few: number, usual = 1) {
  const seed = SEED === undefined ? {} : { seed: Number(SEED) };
  const path = COUNTEREXAMPLE === undefined ? {} : { path: COUNTEREXAMPLE };
  return NUM_RUNS ? { numRuns: Number(NUM_RUNS), ...seed, ...path } : { numRuns: few, seed: usual, ...seed, ...path };
}

/** The commands of a sequence that ran, to reproduce its failure. */
export const replayed = REPLAY_PATH === undefined ? {} : { replayPath: REPLAY_PATH };

const codePoint = fc
  .oneof(fc.nat({ max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

/** Text of any code points, as of `unit: 'binary'`, which takes more than a second to set up. */
export function anyText(constraints: { readonly maxLength?: number } = {}): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: codePoint });
}
