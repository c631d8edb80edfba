import type { APIGatewayProxyResult } from 'aws-lambda';
import type { ExecutionEnvironment } from './execution-environment.ts';
import type { Invocation } from './function-pool.ts';
import { count } from './ledger.ts';
import type { ServiceName } from './outages.ts';
import { type Attempt, type ExpectedItem, itemKey } from './sent-event.ts';
import { replacedAt } from './source-keys.ts';
import { isExpired } from './table.ts';
import { timeOf, violate, type World } from './world.ts';

/** How long a delivery may take, with a margin for the way of its last answer; milliseconds. */
const MAX_MS = 2_400;
/** How long a failed read of a secret is remembered, with a margin; milliseconds. */
const FAILURE_KEPT_MS = 2_100;
/** How long a failed fetch of a certificate is remembered, with a margin; milliseconds. */
const FETCH_FAILURE_KEPT_MS = 62_000;
/** An environment that made so many fetches in so many milliseconds may have to wait with the next one. */
const FETCH_BURST = 5;
const FLOODED_MS = 60_000;
const USABLE_MS = 24 * 3600_000;

/** An answer of the receiver to a genuine delivery. */
interface Answer {
  readonly attempt: Attempt;
  readonly environment: ExecutionEnvironment;
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Checks the answer to a genuine delivery against what the environment could know and reach. */
export function judgeAnswer(world: World, attempt: Attempt, invocation: Invocation<APIGatewayProxyResult>): void {
  const { environment, result, failed, startedAt, endedAt } = invocation;
  const { ledger } = world;
  const status = result?.statusCode;
  const word = String(result?.headers?.['Inbox-Status'] ?? failed ?? status);
  count(ledger, `answers: ${word}`);
  ledger.trace(
    `${timeOf(endedAt)} ${environment?.id} answers ${word} to ${attempt.event.seed} after ${endedAt - startedAt} ms`,
  );
  if (failed === 'threw') violate(world, 'no defect is answered', `${attempt.event.seed}: ${invocation.error}`);
  if (!result || !environment || status === undefined) return;
  const answer = { attempt, environment, startedAt, endedAt };
  if (!wasPaused(answer, 0) && endedAt - startedAt > MAX_MS) {
    violate(world, 'a delivery is answered within its time', `${attempt.event.seed}: ${endedAt - startedAt} ms`);
  }
  if (status < 300) judgeAcknowledgement(world, answer);
  else judgeRefusal(world, answer, status);
}

/** Whether the environment was paused during a delivery, or so many milliseconds before it. */
const wasPaused = ({ environment, startedAt }: Answer, beforeMs: number) =>
  (environment.pausedAt ?? Number.NEGATIVE_INFINITY) >= startedAt - beforeMs;

function judgeAcknowledgement(world: World, { attempt }: Answer): void {
  const missing = attempt.expected.filter((item) => !isDurable(world, item));
  if (missing.length === 0) return;
  violate(world, 'what was acknowledged is durable', missing.map(itemKey).join(', '));
}

/** Whether an event is in its table or on its way there, or another payload of it is. */
function isDurable({ cloud, clock, ledger }: World, { table, id }: ExpectedItem): boolean {
  const item = cloud[table].items.get(id);
  if (item !== undefined && !isExpired(item, clock.now())) return true;
  return [...cloud.overflow.messages.keys()].some((message) => ledger.queued.get(message)?.has(`${table} ${id}`));
}

function judgeRefusal(world: World, answer: Answer, status: number): void {
  const { event } = answer.attempt;
  if (status === 500) {
    violate(world, 'no defect is answered', event.seed);
    return;
  }
  const reason = status === 401 ? reasonToReject(world, answer) : reasonToDefer(world, answer, status);
  count(world.ledger, `${status} because of ${reason ?? 'nothing'}`);
  if (reason) return;
  violate(world, 'a genuine delivery is refused only for a reason', `${event.seed} (${event.kind}): ${status}`);
}

/** Why a genuine delivery may be answered 401; undefined if it may not. */
function reasonToReject({ knowledge, plan }: World, answer: Answer): string | undefined {
  const { attempt, environment, startedAt } = answer;
  const { key, certificate, event } = attempt;
  if (certificate) return certificate.validUntil < startedAt ? 'a certificate that has ended' : undefined;
  const { keys, name } = event.from;
  const replaced = key && replacedAt(keys, key);
  if (!key || replaced === undefined) return undefined;
  const graceMs = plan.previousSecretGraceSeconds * 1_000;
  if (startedAt >= replaced + graceMs) return 'a secret whose grace is over';
  const next = keys[keys.indexOf(key) + 1];
  const createdAt = next?.createdAt ?? replaced;
  // Whoever did not see the staged version as such takes its creation for the rotation.
  const sawStaging = knowledge.wasCurrent(environment, name, key.verification.trim(), createdAt);
  return !sawStaging && startedAt >= createdAt + graceMs ? 'a secret that was staged long ago' : undefined;
}

/** Why a genuine delivery may be answered 503; undefined if it may not. */
function reasonToDefer(world: World, answer: Answer, status: number): string | undefined {
  if (status !== 503) return undefined;
  if (wasPaused(answer, FAILURE_KEPT_MS)) return 'a pause';
  return secretReason(world, answer) ?? certificateReason(world, answer) ?? storeReason(world, answer);
}

function secretReason({ knowledge, outages }: World, answer: Answer): string | undefined {
  const { attempt, environment, startedAt, endedAt } = answer;
  if (!attempt.key) return undefined;
  const value = attempt.key.verification.trim();
  const readAt = knowledge.lastRead(environment, attempt.event.from.name, value, startedAt);
  const isKnown = readAt !== undefined && startedAt - readAt < USABLE_MS;
  const isFailing = outages.overlap(['secrets'], startedAt - FAILURE_KEPT_MS, endedAt);
  return !isKnown && isFailing ? 'a secret that was not read yet' : undefined;
}

function certificateReason({ cloud, outages }: World, answer: Answer): string | undefined {
  const { attempt, environment, startedAt, endedAt } = answer;
  const { certificate } = attempt;
  if (!certificate) return undefined;
  const isKnown = cloud.web.hasCertificate(environment, certificate.url);
  if (isKnown && startedAt < certificate.validUntil) return undefined;
  if (outages.overlap(['certificates'], startedAt - FETCH_FAILURE_KEPT_MS, endedAt))
    return 'a certificate out of reach';
  const since = startedAt - FLOODED_MS;
  const fetches = cloud.web.certificateFetches.filter(({ caller, at }) => caller === environment && at >= since);
  return fetches.length >= FETCH_BURST ? 'a flood of unknown certificates' : undefined;
}

/** An event needs its table or the queue, one of which is enough. */
function storeReason({ outages }: World, { attempt, startedAt, endedAt }: Answer): string | undefined {
  const services = new Set<ServiceName>(attempt.expected.map(({ table }) => table));
  if (attempt.event.kind === 'large') services.add('payloads');
  const isTableFailing = outages.overlap([...services], startedAt, endedAt);
  const isQueueFailing = outages.overlap(['overflow'], startedAt, endedAt);
  return isTableFailing && isQueueFailing ? 'a table and the queue that fail' : undefined;
}
