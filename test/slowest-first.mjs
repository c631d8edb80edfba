import sequencer from '@jest/test-sequencer';

const Sequencer = sequencer.default ?? sequencer;

/** What takes longer than three seconds, the slowest first. */
const SLOW = [
  'lib/app.test.ts',
  'faults/retries.test.ts',
  'lambda/exactly-once.test.ts',
  'faults/time-budget.test.ts',
  'probe/probe.test.ts',
  'cli/local/start.test.ts',
  'cli/operate/put-secret.test.ts',
  'cli/operate/redrive.test.ts',
];

/** Its place in the list; what is not in it comes after. */
function rank({ path }) {
  const place = SLOW.findIndex((name) => path.endsWith(name));
  return place < 0 ? SLOW.length : place;
}

/** Without durations from an earlier run, Jest would begin with the largest files, and end waiting for the slowest. */
export default class SlowestFirst extends Sequencer {
  sort(tests) {
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
}
