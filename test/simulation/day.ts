import type {
  APIGatewayProxyEvent,
  APIGatewayProxyResult,
  DynamoDBBatchResponse,
  DynamoDBStreamEvent,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda';
import { flood, replay } from './adversary.ts';
import { installClock } from './clock.ts';
import { simulatedCloud } from './cloud.ts';
import { forwarderCode } from './forwarder-code.ts';
import { functionPool } from './function-pool.ts';
import { judgeDay } from './judge-day.ts';
import { callJudge, judgeMessage, judgeWrite } from './judge-writes.ts';
import { knowledgeOf } from './knowledge.ts';
import { count, type Ledger, openLedger } from './ledger.ts';
import { putFirstSecret, rotate } from './operator.ts';
import { outagesOf } from './outages.ts';
import { overflowCode } from './overflow-code.ts';
import { type AllCertificates, DAY_START, type Plan, planDay } from './plan.ts';
import { sendBody } from './provider.ts';
import { queuePoller } from './queue-poller.ts';
import { randomOf } from './random.ts';
import { receiverCode } from './receiver-code.ts';
import { streamPoller } from './stream-poller.ts';
import { startAt, timeOf, type World } from './world.ts';

/** How a day is simulated. */
export interface DayOptions {
  readonly seed: number;
  readonly certificates: AllCertificates;
  /** Sees the day line by line. */
  readonly trace?: Ledger['trace'];
}

/** The receiver's time-out in Lambda. */
const RECEIVER_TIMEOUT_MS = 10_000;
const CONCURRENCY = 100;
const FORWARDER_TIMEOUT_MS = 120_000;
const OVERFLOW_TIMEOUT_MS = 30_000;
/** As in lib/functions/event-forwarding.ts. */
const MAPPING = { batchSize: 25, retryAttempts: 10_000, maxRecordAgeMs: 23 * 3600_000 } as const;

/** As in lib/functions/event-overflow.ts. */
const QUEUE_MAPPING = { batchSize: 10, visibilityMs: 6 * 60_000, maxReceiveCount: 960 } as const;

/** Simulates a day and what follows from it, until nothing happens any longer. */
export async function simulateDay({ seed, certificates, trace }: DayOptions): Promise<Ledger> {
  const random = randomOf(seed);
  const plan = planDay(random.fork('plan'), certificates);
  using clock = installClock(DAY_START, random.fork('Math.random').next);
  const ledger = openLedger(trace);
  const outages = outagesOf(plan.outages, random.fork('outages'));
  const failures: unknown[] = [];
  const start = (activity: () => Promise<void>) => void activity().catch((error: unknown) => failures.push(error));
  const knowledge = knowledgeOf(clock.now);
  const cloud = simulatedCloud({
    onOverflow(message) {
      judgeMessage(world, message);
      queue.arrive(message);
    },
    onDeadLetter: ({ body }) => void ledger.deadLetters.add(JSON.parse(body).id),
    clock,
    outages,
    random: random.fork('cloud'),
    certificates: pemsOf(certificates),
    onEventChange(change) {
      judgeWrite(world, 'events', change);
      stream.append(change);
    },
    onQuarantineChange: (change) => judgeWrite(world, 'quarantine', change),
    onCall: (...call) => judgeCall(...call),
  });
  const sources = new Map(plan.sources.map(({ name, source }) => [name, source]));
  const { previousSecretGraceSeconds, killed, paused } = plan;
  const receiver = functionPool<APIGatewayProxyEvent, APIGatewayProxyResult>({
    name: 'receiver',
    clock,
    random: random.fork('receiver'),
    start: () =>
      receiverCode({
        cloud,
        sources,
        previousSecretGraceSeconds,
        observeReads: knowledge.observe,
        report: ({ cause, reason }) => ledger.trace(`  reason: ${reason ?? 'none'}, cause: ${cause?.name ?? 'none'}`),
      }),
    timeoutMs: RECEIVER_TIMEOUT_MS,
    concurrency: CONCURRENCY,
    killed,
    paused,
  });
  const stream = streamPoller({
    clock,
    random: random.fork('stream'),
    function: functionPool<DynamoDBStreamEvent, DynamoDBBatchResponse>({
      name: 'forwarder',
      clock,
      random: random.fork('forwarder'),
      start: () => forwarderCode(cloud, ({ outcome }) => count(ledger, `events ${outcome}`)),
      timeoutMs: FORWARDER_TIMEOUT_MS,
      concurrency: 1,
      killed,
      paused,
    }),
    ...MAPPING,
    giveUp: (ids) => ids.forEach((id) => void ledger.deadLetters.add(id)),
    start,
  });
  const queue = queuePoller({
    clock,
    random: random.fork('queue'),
    queue: cloud.overflow,
    deadLetters: cloud.overflowDeadLetters,
    function: functionPool<SQSEvent, SQSBatchResponse>({
      name: 'overflow',
      clock,
      random: random.fork('overflow'),
      start: () => overflowCode(cloud, ({ cause }) => ledger.trace(`  overflow: ${cause?.name ?? 'stored'}`)),
      timeoutMs: OVERFLOW_TIMEOUT_MS,
      concurrency: 10,
      killed,
      paused,
    }),
    ...QUEUE_MAPPING,
    start,
  });
  const world: World = {
    plan,
    clock,
    random: random.fork('world'),
    outages,
    cloud,
    receiver,
    knowledge,
    ledger,
    start,
  };
  const judgeCall = callJudge(world);
  schedule(world, plan);
  await clock.run();
  if (failures.length > 0) throw failures[0];
  judgeDay(world);
  return ledger;
}

function schedule(world: World, plan: Plan): void {
  for (const { service, fault, from, until, share } of plan.outages) {
    world.ledger.trace(`${service} is ${fault} for ${share} of requests from ${timeOf(from)} to ${timeOf(until)}`);
  }
  for (const source of plan.sources) putFirstSecret(world, source);
  for (const body of plan.bodies) startAt(world, body.at, () => sendBody(world, body));
  for (const each of plan.rotations) startAt(world, each.promotedAt - each.stagedMs, () => rotate(world, each));
  for (const each of plan.floods) startAt(world, each.at, () => flood(world, each));
  for (const at of plan.sweeps) world.clock.at(at, () => world.cloud.events.sweep());
  for (const at of plan.replays) startAt(world, at, () => replay(world));
}

function pemsOf(certificates: AllCertificates): ReadonlyMap<string, string> {
  const all = Object.values(certificates).flatMap((each) => Object.values(each));
  return new Map(all.map(({ url, pem }) => [url, pem]));
}
