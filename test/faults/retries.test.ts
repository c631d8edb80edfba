import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, jest } from '@jest/globals';
import { afterwards, FAULTS, neverAnswers, once, resets } from '../support/faults.ts';
import { type FaultyInbox, startFaultyInbox } from '../support/faulty-inbox.ts';
import { type Behaviour, passOn } from '../support/faulty-server.ts';
import { eventJson, signed } from '../support/generic-event.ts';
import type { Answer, Outgoing } from '../support/http.ts';
import { expectProblem } from '../support/problem.ts';

// Guards what providers rely on: that a 503 loses nothing, a retry stores nothing twice, and no restart is needed.

// A machine may be busy.
jest.setTimeout(30_000);

/** How long a fault is waited for here, in milliseconds. */
const IMPATIENT_MS = 400;

/** The longest that an answer may take then, on a busy machine. */
const BUDGET_MS = 1_500;

const body = eventJson();
const other = eventJson({ event_id: 'evt_2' });
const next = eventJson({ event_id: 'evt_3' });

/** Sends the same signed request again and again, as providers do, until it is taken or the attempts are used up. */
async function deliver(inbox: FaultyInbox, request: Outgoing, attempts: number): Promise<Answer[]> {
  const answers: Answer[] = [];
  while (answers.length < attempts && answers.at(-1)?.status !== 200) answers.push(await inbox.post(request));
  return answers;
}

async function expectUnavailable(inbox: FaultyInbox, payload = body): Promise<void> {
  inbox.budget.ms = IMPATIENT_MS;
  const started = performance.now();
  const answers = await deliver(inbox, signed(payload), 2);
  inbox.budget.ms = Number.POSITIVE_INFINITY;
  expect(performance.now() - started).toBeLessThan(2 * BUDGET_MS);
  expect(answers).toHaveLength(2);
  for (const answer of answers) expectProblem(answer, 503, 'temporarily_unavailable');
}

/** Processed, or a duplicate of what an attempt before has written. */
async function expectTaken(inbox: FaultyInbox, payload = body): Promise<void> {
  const { status, text } = await inbox.post(signed(payload));
  expect([status, text]).toEqual([200, expect.stringMatching(/"(processed|duplicate)"/)]);
}

/** Exactly these payloads, as the engine has them. */
async function expectStored(inbox: FaultyInbox, ...payloads: readonly Buffer[]): Promise<void> {
  const stored = (await inbox.items()).map(({ payload }) => payload?.S);
  expect(stored.sort()).toEqual(payloads.map(String).sort());
}

/** Once the fault is over: what was refused is taken, and so is what comes next. */
async function expectRecovery(inbox: FaultyInbox): Promise<void> {
  await expectTaken(inbox);
  await expectTaken(inbox, next);
  await expectStored(inbox, body, next);
}

const faults = Object.entries(FAULTS);

describe('a table that', () => {
  it.concurrent.each(faults)(
    '%s, with or without having written: 503, and stored once when it is over',
    async (_, fault) => {
      await using inbox = await startFaultyInbox();
      inbox.table.behaviour = fault;
      await expectUnavailable(inbox);
      await expectStored(inbox);
      inbox.table.behaviour = afterwards(fault);
      await expectUnavailable(inbox, other);
      await expectStored(inbox, other);
      inbox.table.behaviour = passOn;
      await expectTaken(inbox);
      await expectTaken(inbox, other);
      await expectTaken(inbox, next);
      await expectStored(inbox, body, other, next);
    },
  );

  it.concurrent('refuses connections: 503, and stored once when it is over', async () => {
    await using inbox = await startFaultyInbox();
    await inbox.table.refuse();
    await expectUnavailable(inbox);
    await inbox.table.accept();
    await expectRecovery(inbox);
  });

  it.concurrent('sends a wrong checksum: 200 for what is in the table alone', async () => {
    await using inbox = await startFaultyInbox();
    inbox.table.behaviour = (response, attempt, pass) => {
      response.setHeader('x-amz-crc32', '1');
      return passOn(response, attempt, pass);
    };
    await expectTaken(inbox);
    await expectStored(inbox, body);
  });

  it.concurrent('fails every second time is not noticed', async () => {
    await using inbox = await startFaultyInbox();
    inbox.table.behaviour = once(resets);
    await expectTaken(inbox);
    inbox.table.behaviour = once(afterwards(resets));
    await expectTaken(inbox, next);
    await expectStored(inbox, body, next);
  });
});

describe('a Secrets Manager that', () => {
  it.concurrent.each(faults)('%s: 503, and stored once when it is over', async (_, fault) => {
    await using inbox = await startFaultyInbox();
    inbox.secrets.behaviour = fault;
    await expectUnavailable(inbox);
    await expectStored(inbox);
    inbox.secrets.behaviour = passOn;
    await expectRecovery(inbox);
  });

  it.concurrent('refuses connections: 503, and stored once when it is over', async () => {
    await using inbox = await startFaultyInbox();
    await inbox.secrets.refuse();
    await expectUnavailable(inbox);
    await inbox.secrets.accept();
    await expectRecovery(inbox);
  });

  it.concurrent('fails while the secret is known is not noticed', async () => {
    await using inbox = await startFaultyInbox();
    await expectTaken(inbox);
    inbox.secrets.behaviour = resets;
    await expectRecovery(inbox);
  });
});

describe('a connection that is kept open', () => {
  /** The fault meets requests that come over a connection on which another one came before. */
  const onUsedConnections = (fault: Behaviour): Behaviour => {
    const used = new WeakSet<Socket>();
    return (response, attempt, pass) => {
      const { socket } = response.req;
      const isUsed = used.has(socket);
      used.add(socket);
      return (isUsed ? fault : passOn)(response, attempt, pass);
    };
  };

  it.concurrent.each<[string, Behaviour]>([
    ['is dead without a sign', neverAnswers],
    ['is reset by what is sent over it', resets],
    ['is closed once it has written', afterwards(resets)],
  ])('and %s costs no delivery', async (_, fault) => {
    await using inbox = await startFaultyInbox();
    inbox.table.behaviour = onUsedConnections(fault);
    const bodies = Array.from({ length: 2 }, (_, index) => eventJson({ event_id: `evt_${index}` }));
    for (const each of bodies) expect((await inbox.post(signed(each))).status).toBe(200);
    await expectStored(inbox, ...bodies);
  });
});

it.concurrent('deliveries that were given up on leave no connection open', async () => {
  await using inbox = await startFaultyInbox();
  inbox.table.behaviour = neverAnswers;
  inbox.budget.ms = IMPATIENT_MS;
  const bodies = Array.from({ length: 40 }, (_, index) => eventJson({ event_id: `evt_${index}` }));
  const answers = await Promise.all(bodies.map((each) => inbox.post(signed(each))));
  for (const answer of answers) expectProblem(answer, 503, 'temporarily_unavailable');
  while ((await inbox.table.connections()) > 0) await setImmediate();
  inbox.table.behaviour = passOn;
  inbox.budget.ms = Number.POSITIVE_INFINITY;
  await Promise.all(bodies.map((each) => expectTaken(inbox, each)));
  await expectStored(inbox, ...bodies);
});
