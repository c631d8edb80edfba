import type { APIGatewayProxyResult } from 'aws-lambda';
import { toProxyEvent } from '../support/provider-inbox.ts';
import type { Invocation } from './function-pool.ts';
import { judgeAnswer } from './judge-answer.ts';
import { count } from './ledger.ts';
import type { PlannedBody } from './plan.ts';
import { attemptOf, itemKey, type SentEvent } from './sent-event.ts';
import type { World } from './world.ts';

/** What a provider sees of an attempt. */
type Seen = 'acknowledged' | 'server failure' | 'temporary failure' | 'refused' | 'no response';

/** Sends a body as its provider does, until it is acknowledged or given up. */
export async function sendBody(world: World, { from, kind, seed }: PlannedBody): Promise<void> {
  const { clock, ledger } = world;
  const event: SentEvent = { from, seed, kind, createdAt: clock.now(), attempts: [] };
  ledger.events.push(event);
  for (const delay of [0, ...from.schedule.delaysSeconds]) {
    await clock.sleep(delay * 1_000);
    const seen = await deliver(world, event);
    if (seen === 'acknowledged') return;
    if (!isRetried(event, seen)) break;
  }
  ledger.lost.add(event);
  count(ledger, `given up: ${from.name}`);
}

const RETRIED: Readonly<Record<SentEvent['from']['schedule']['retriedAfter'], readonly Seen[]>> = {
  any: ['server failure', 'temporary failure', 'refused', 'no response'],
  server: ['server failure', 'temporary failure', 'no response'],
  temporary: ['temporary failure', 'no response'],
  connection: [],
};

const isRetried = ({ from }: SentEvent, seen: Seen) => RETRIED[from.schedule.retriedAfter].includes(seen);

/** Makes one attempt, and waits for the response as long as the provider does. */
async function deliver(world: World, event: SentEvent): Promise<Seen> {
  const { clock, receiver, ledger } = world;
  const attempt = attemptOf(event, clock.now());
  event.attempts.push(attempt);
  for (const item of attempt.expected) ledger.genuine.add(itemKey(item));
  count(ledger, 'deliveries');
  const answer = receiver.invoke(toProxyEvent(event.from.name, attempt.request)).then((invocation) => {
    judgeAnswer(world, attempt, invocation);
    return seenOf(invocation);
  });
  const seen = await beforeTimeout(world, answer, event.from.schedule.timeoutSeconds * 1_000);
  if (seen === 'acknowledged') ledger.acknowledged.set(event, attempt);
  return seen;
}

function beforeTimeout({ clock }: World, answer: Promise<Seen>, timeoutMs: number): Promise<Seen> {
  return new Promise((resolve, reject) => {
    const cancel = clock.at(clock.now() + timeoutMs, () => resolve('no response'));
    answer.then(resolve, reject).finally(cancel);
  });
}

/** API Gateway answers 502 and 504 for a function that fails, and 429 for one that is throttled. */
function seenOf({ result }: Invocation<APIGatewayProxyResult>): Seen {
  if (!result) return 'server failure';
  const { statusCode } = result;
  if (statusCode < 300) return 'acknowledged';
  if (statusCode === 429 || statusCode === 503) return 'temporary failure';
  return statusCode >= 500 ? 'server failure' : 'refused';
}
