import fc from 'fast-check';

/** What a failed property printed, to see it fail again: see CONTRIBUTING.md. */
const { NUM_RUNS, SEED, COUNTEREXAMPLE, REPLAY_PATH } = process.env;

/** How long a property may run, in milliseconds: an hour with `NUM_RUNS`, else what package.json allows every test. */
export const PROPERTY_TIMEOUT_MS = NUM_RUNS ? 3_600_000 : undefined;

/**
 * How often a property is tried, and from which seed: the same ones every time, unless the environment asks for more.
 * @param few how often, where `NUM_RUNS` says nothing
 * @param usual the seed, where the environment says nothing
 */
export function runs(few: number, usual = 1) {
  const seed = SEED === undefined ? {} : { seed: Number(SEED) };
  const path = COUNTEREXAMPLE === undefined ? {} : { path: COUNTEREXAMPLE };
  return NUM_RUNS ? { numRuns: Number(NUM_RUNS), ...seed, ...path } : { numRuns: few, seed: usual, ...seed, ...path };
}

/** Which of a sequence's commands were run, where a failed one is to be run again. */
export const replayed = REPLAY_PATH === undefined ? {} : { replayPath: REPLAY_PATH };

const codePoint = fc
  .oneof(fc.nat({ max: 0xd7ff }), fc.integer({ min: 0xe000, max: 0x10ffff }))
  .map((code) => String.fromCodePoint(code));

/** Text of any code points: what `unit: 'binary'` is, which takes more than a second to get ready. */
export function anyText(constraints: { readonly maxLength?: number } = {}): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: codePoint });
}
