import { changed, valueAt, withValueAt } from '../place.ts';
import type { Prober } from '../prober.ts';
import type { Answer } from '../wire.ts';
import { type Check, type Finding, failed, inconclusive, newEvents, passed, secret } from './check.ts';
import { isAccepted, outcomeOf } from './judge.ts';

const SILENT =
  'The answers do not tell a new event from a known one, such as {"status":"processed"} and {"status":"duplicate"}.';

const replay: Check = {
  id: 'replay',
  title: 'The same request again is answered, but not processed again.',
  severity: 'critical',
  why: 'Senders retry, and attackers repeat what they captured: without a unique event id, each time counts.',
  fix: 'Store the event id with a condition that it is not there yet, and answer a duplicate with success.',
  requests: 2,
  needs: [secret, newEvents],
  async run(prober) {
    const request = prober.genuine();
    const first = await prober.send('a new event', request);
    const second = await prober.send('the same request again', request);
    return first.status !== undefined && isAccepted(first) ? judgeAgain(first, second) : notTaken(first);
  },
};

function judgeAgain(first: Answer, second: Answer): Finding {
  const [one, other] = [outcomeOf(first), outcomeOf(second)];
  if (other === 'duplicate') return passed('The same request again was answered as a duplicate.');
  if (other === 'conflict') return passed('The same request again was answered 409.');
  if (other === 'processed' && one === 'processed') return failed('The same request was processed twice.');
  return isAccepted(second)
    ? inconclusive(SILENT)
    : inconclusive(`The same request again was answered ${second.status}.`);
}

const notTaken = ({ status, failure }: Answer) => inconclusive(`A new event was not taken: ${status ?? failure}.`);

const sameIdOtherBody: Check = {
  id: 'same-id-other-body',
  title: 'Another body under a known event id is not processed.',
  severity: 'medium',
  why: 'Events are told apart by something else than their id, or the later one overwrites what was stored.',
  fix: 'Make the event id the key, never overwrite an item, and answer a duplicate or 409.',
  requests: 2,
  needs: [secret, newEvents, ({ sender }) => (sender.contentAt ? undefined : 'Needs content besides the event id.')],
  async run(prober) {
    const event = prober.event();
    const { contentAt: place } = prober.sender;
    const other = place ? withValueAt(event, place, changed(valueAt(event, place))) : event;
    const first = await prober.send('a new event', prober.sign(event));
    const second = await prober.send('another body under the same id', prober.sign(other));
    if (!isAccepted(first)) return notTaken(first);
    const outcome = outcomeOf(second);
    if (outcome === 'processed') return failed('Another body under a known event id was processed.');
    if (outcome) return passed(`Another body under a known event id was answered as a ${outcome}.`);
    return inconclusive(
      isAccepted(second) ? SILENT : `Another body under a known event id was answered ${second.status}.`,
    );
  },
};

/** How many are sent at once. */
const AT_ONCE = 8;

const concurrentDuplicates: Check = {
  id: 'concurrent-duplicates',
  title: 'Of the same request many times at once, exactly one is processed.',
  severity: 'critical',
  why: 'An endpoint that reads and then writes processes an event twice when two deliveries of it come together.',
  fix: 'Let one conditional write decide, attribute_not_exists(id), without a read before it.',
  requests: 3 * AT_ONCE,
  needs: [secret, newEvents],
  async run(prober) {
    for (let round = 0; round < 3; round += 1) {
      const finding = await sendAtOnce(prober);
      if (finding.verdict !== 'passed') return finding;
    }
    return passed(`Of ${AT_ONCE} at once, exactly one was processed, three times over.`);
  },
};

async function sendAtOnce(prober: Prober): Promise<Finding> {
  const request = prober.genuine();
  const send = (_: unknown, index: number) =>
    prober.send(`copy ${index + 1} of the same request, all at once`, request);
  const answers = await Promise.all(Array.from({ length: AT_ONCE }, send));
  const processed = answers.filter((answer) => outcomeOf(answer) === 'processed').length;
  if (processed > 1) return failed(`Of ${AT_ONCE} at once, ${processed} were processed.`);
  if (processed === 1) return passed(`Of ${AT_ONCE} at once, exactly one was processed.`);
  return answers.some(isAccepted) ? inconclusive(SILENT) : inconclusive(`None of ${AT_ONCE} at once was taken.`);
}

export const replayChecks: readonly Check[] = [replay, sameIdOtherBody, concurrentDuplicates];
