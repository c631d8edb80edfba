import { changed, valueAt, withValueAt } from '../place.ts';
import type { Prober } from '../prober.ts';
import type { WireResponse } from '../wire.ts';
import { type Check, type Finding, failed, inconclusive, newEvents, passed, secret } from './check.ts';
import { isAccepted, mustAccept, outcomeOf, statusSentence } from './judge.ts';

const UNREPORTED =
  'The responses do not distinguish a new event from a duplicate, as {"status":"processed"} and {"status":"duplicate"} do.';

const replay: Check = {
  id: 'replay',
  title: 'A repeated request is not processed again.',
  failedTitle: 'A repeated request is processed again',
  severity: 'critical',
  why: 'Senders retry, and attackers repeat captured requests. Without a unique event id, the event is processed each time.',
  fix: 'Store the event id on the condition that it does not exist yet, and report success for a duplicate.',
  requests: 2,
  needs: [secret, newEvents],
  async run(prober) {
    const request = prober.genuine();
    const first = await prober.send('a new event', request, { expected: mustAccept.expected });
    const expected = 'The endpoint reports a duplicate.';
    const second = await prober.send('the same request again', request, { genuine: request, expected });
    return isAccepted(first) ? prober.conclude(second, judgeRepetition(first, second)) : notAccepted(first);
  },
};

function judgeRepetition(first: WireResponse, second: WireResponse): Finding {
  const [before, after] = [outcomeOf(first), outcomeOf(second)];
  if (after === 'duplicate') return passed('The endpoint reported the repeated request as a duplicate.');
  if (after === 'conflict') return passed('The response to the repeated request was 409.');
  if (after === 'processed' && before === 'processed') return failed('The endpoint processed the same request twice.');
  return inconclusive(isAccepted(second) ? UNREPORTED : statusSentence(second, 'the repeated request'));
}

const notAccepted = ({ status, failure }: WireResponse) =>
  inconclusive(`The endpoint did not accept a new event: ${status ?? failure}.`);

const sameIdOtherBody: Check = {
  id: 'same-id-other-body',
  title: 'A known event id with another body is not processed.',
  failedTitle: 'A known event id with another body is processed',
  severity: 'medium',
  why: 'The endpoint does not identify events by their id, or the second event overwrites the first.',
  fix: 'Use the event id as the key, never overwrite an item, and report a duplicate or return 409.',
  requests: 2,
  needs: [
    secret,
    newEvents,
    ({ sender }) => (sender.contentAt ? undefined : 'The check needs content besides the event id.'),
  ],
  async run(prober) {
    const event = prober.event();
    const { contentAt: place } = prober.sender;
    const other = place ? withValueAt(event, place, changed(valueAt(event, place))) : event;
    const genuine = prober.sign(event);
    const first = await prober.send('a new event', genuine, { expected: mustAccept.expected });
    const expected = 'The endpoint reports a duplicate or a conflict.';
    const second = await prober.send('a known event id with another body', prober.sign(other), { genuine, expected });
    return isAccepted(first) ? prober.conclude(second, judgeOtherBody(second)) : notAccepted(first);
  },
};

function judgeOtherBody(second: WireResponse): Finding {
  const outcome = outcomeOf(second);
  if (outcome === 'processed') return failed('The endpoint processed a known event id with another body.');
  if (outcome) return passed(`The endpoint reported a known event id with another body as a ${outcome}.`);
  return inconclusive(isAccepted(second) ? UNREPORTED : statusSentence(second, 'a known event id with another body'));
}

/** Number of identical requests that are sent at once. */
const CONCURRENT = 8;
const ROUNDS = 3;

const concurrentDuplicates: Check = {
  id: 'concurrent-duplicates',
  title: 'Of several identical requests at once, exactly one is processed.',
  failedTitle: 'Identical requests at once are processed more than once',
  severity: 'critical',
  why: 'An endpoint that reads and then writes processes an event twice when two deliveries of it arrive together.',
  fix: 'Decide by one conditional write, attribute_not_exists(id), without a read before it.',
  requests: ROUNDS * CONCURRENT,
  needs: [secret, newEvents],
  async run(prober) {
    for (let round = 0; round < ROUNDS; round += 1) {
      const finding = await sendConcurrently(prober);
      if (finding.verdict !== 'passed') return finding;
    }
    return passed(`Of ${CONCURRENT} identical requests at once, exactly one was processed, in ${ROUNDS} rounds.`);
  },
};

async function sendConcurrently(prober: Prober): Promise<Finding> {
  const request = prober.genuine();
  const expected = 'The endpoint processes one copy, and reports the others as duplicates.';
  const send = (_: unknown, index: number) =>
    prober.send(`copy ${index + 1} of ${CONCURRENT} identical requests at once`, request, { expected });
  const responses = await Promise.all(Array.from({ length: CONCURRENT }, send));
  const processed = responses.filter((response) => outcomeOf(response) === 'processed');
  const [one, another] = processed;
  const detail = `Of ${CONCURRENT} identical requests at once, ${processed.length} were processed.`;
  if (another) return prober.conclude(another, failed(detail));
  if (one) return passed(`Of ${CONCURRENT} identical requests at once, exactly one was processed.`);
  const isOneAccepted = responses.some(isAccepted);
  return inconclusive(isOneAccepted ? UNREPORTED : `Of ${CONCURRENT} identical requests at once, none was accepted.`);
}

export const replayChecks: readonly Check[] = [replay, sameIdOtherBody, concurrentDuplicates];
