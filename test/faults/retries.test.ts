import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { PERSISTENT_LIMITS } from '../support/aws-clients.ts';
import { afterwards, endedBy, FAULTS, neverAnswers, once, resets } from '../support/faults.ts';
import { type FaultyInbox, startFaultyInbox } from '../support/faulty-inbox.ts';
import { type Behaviour, passOn } from '../support/faulty-server.ts';
import { eventJson, signed } from '../support/generic-event.ts';
import { expectProblem } from '../support/problem.ts';

// Guards what providers rely on: that a 503 loses nothing, a retry stores nothing twice, and no restart is needed.

const body = eventJson();
const other = eventJson({ event_id: 'evt_2' });
const next = eventJson({ event_id: 'evt_3' });

/** A delivery and its retry are both answered 503. */
async function expectUnavailable(inbox: FaultyInbox, payload = body): Promise<void> {
  for (const request of [signed(payload), signed(payload)]) {
    expectProblem(await inbox.post(request), 503, 'temporarily_unavailable');
  }
}

/** The delivery is processed, or a duplicate of what an earlier attempt wrote. */
async function expectTaken(inbox: FaultyInbox, payload = body): Promise<void> {
  const { status, text } = await inbox.post(signed(payload));
  expect([status, text]).toEqual([200, expect.stringMatching(/"(processed|duplicate)"/)]);
}

/** The table holds exactly these payloads. */
async function expectStored(inbox: FaultyInbox, ...payloads: readonly Buffer[]): Promise<void> {
  const stored = (await inbox.items()).map(({ payload }) => payload?.S);
  expect(stored.sort()).toEqual(payloads.map(String).sort());
}

/** After the fault, the delivery that failed is accepted, and so is the next one. */
async function expectRecovery(inbox: FaultyInbox): Promise<void> {
  await expectTaken(inbox);
  await expectTaken(inbox, next);
  await expectStored(inbox, body, next);
}

const faults = Object.entries(FAULTS);

describe('A delivery', () => {
  it.concurrent.each(faults)(
    'gets a 503 while DynamoDB %s, having written or not, and is stored once when it is retried afterwards',
    async (_, named) => {
      await using inbox = await startFaultyInbox();
      const fault = endedBy(inbox.deadlines, named);
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

  it.concurrent('gets a 503 while DynamoDB refuses connections, and is stored once when it is retried afterwards', async () => {
    await using inbox = await startFaultyInbox();
    await inbox.table.refuse();
    await expectUnavailable(inbox);
    await inbox.table.accept();
    await expectRecovery(inbox);
  });

  it.concurrent('is answered 200 and stored although DynamoDB sends a wrong checksum', async () => {
    await using inbox = await startFaultyInbox();
    inbox.table.behaviour = (response, attempt, pass) => {
      response.setHeader('x-amz-crc32', '1');
      return passOn(response, attempt, pass);
    };
    await expectTaken(inbox);
    await expectStored(inbox, body);
  });

  it.concurrent('is answered 200 and stored although the first of two requests to DynamoDB fails', async () => {
    await using inbox = await startFaultyInbox();
    inbox.table.behaviour = once(resets);
    await expectTaken(inbox);
    inbox.table.behaviour = once(afterwards(resets));
    await expectTaken(inbox, next);
    await expectStored(inbox, body, next);
  });
});

describe('Secrets Manager', () => {
  /** How long a failed read is remembered, in milliseconds. */
  const FAILURE_MS = 2_000;

  it.concurrent.each(faults)(
    'gets a 503 while Secrets Manager %s, and is stored once when it is retried afterwards',
    async (_, fault) => {
      await using inbox = await startFaultyInbox();
      inbox.secrets.behaviour = endedBy(inbox.deadlines, fault);
      await expectUnavailable(inbox);
      await expectStored(inbox);
      inbox.secrets.behaviour = passOn;
      inbox.clock.now += FAILURE_MS;
      await expectRecovery(inbox);
    },
  );

  it.concurrent('gets a 503 while Secrets Manager refuses connections, and is stored once when it is retried afterwards', async () => {
    await using inbox = await startFaultyInbox();
    await inbox.secrets.refuse();
    await expectUnavailable(inbox);
    await inbox.secrets.accept();
    inbox.clock.now += FAILURE_MS;
    await expectRecovery(inbox);
  });

  it.concurrent.each(faults)('Where it %s within a day after a read, no delivery fails', async (_, fault) => {
    await using inbox = await startFaultyInbox();
    await expectTaken(inbox);
    inbox.secrets.behaviour = endedBy(inbox.deadlines, fault);
    inbox.clock.now += 23 * 3600_000;
    await expectRecovery(inbox);
  });
});

describe('A delivery over a connection that was kept open', () => {
  /** The fault strikes every request but the first of each connection. */
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
    ['is dead, which the client notices in real time', neverAnswers],
    ['is reset by the next request', resets],
    ['is reset after the next write', afterwards(resets)],
  ])('and %s is answered 200 and stored', async (_, fault) => {
    await using inbox = await startFaultyInbox({ limits: PERSISTENT_LIMITS });
    inbox.table.behaviour = onUsedConnections(fault);
    const bodies = Array.from({ length: 2 }, (_, index) => eventJson({ event_id: `evt_${index}` }));
    for (const each of bodies) expect((await inbox.post(signed(each))).status).toBe(200);
    await expectStored(inbox, ...bodies);
  });
});

it.concurrent('Forty deliveries that reach their deadline leave no connection open', async () => {
  await using inbox = await startFaultyInbox();
  inbox.table.behaviour = endedBy(inbox.deadlines, neverAnswers);
  const bodies = Array.from({ length: 40 }, (_, index) => eventJson({ event_id: `evt_${index}` }));
  const answers = await Promise.all(bodies.map((each) => inbox.post(signed(each))));
  for (const answer of answers) expectProblem(answer, 503, 'temporarily_unavailable');
  while ((await inbox.table.connections()) > 0) await setImmediate();
  inbox.table.behaviour = passOn;
  await Promise.all(bodies.map((each) => expectTaken(inbox, each)));
  await expectStored(inbox, ...bodies);
});
