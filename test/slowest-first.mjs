import sequencer from '@jest/test-sequencer';

const Sequencer = sequencer.default ?? sequencer;
const isSlow = ({ path }) => path.endsWith('stack.test.ts');

/** Without durations from an earlier run, Jest would begin with the largest files, and end waiting for the slowest. */
export default class SlowestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => Number(isSlow(other)) - Number(isSlow(one)));
  }
}
