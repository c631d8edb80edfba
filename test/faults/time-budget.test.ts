import { describe, expect, it, jest } from '@jest/globals';
import { dynamodbEventStore } from '../../lambda/events/dynamodb-event-store.ts';
import { toItem } from '../../lambda/events/event-item.ts';
import { afterwards, FAULTS, failWith, hangsInItsAnswer, neverAnswers, once, trickles } from '../support/faults.ts';
import { startFaultyInbox } from '../support/faulty-inbox.ts';
import { limitedClient, passOn, startFaultyServer } from '../support/faulty-server.ts';
import { startFunction } from '../support/function-process.ts';
import { eventJson, NOW, signatureOf, signed } from '../support/generic-event.ts';
import { TABLE_NAME, type TestInbox } from '../support/inbox.ts';
import { callLambda } from '../support/lambda-call.ts';
import { expectProblem } from '../support/problem.ts';

// Guards the deployed limits: that the clients', the retries' and the delivery's own add up to less than Slack waits.

// A machine may be busy.
jest.setTimeout(30_000);

/** Slack waits 3 seconds: what is left of them here is for a busy machine. */
const BUDGET_MS = 2_900;

async function timed<T>(work: () => Promise<T>): Promise<[result: T, milliseconds: number]> {
  const started = performance.now();
  return [await work(), performance.now() - started];
}

async function expectUnavailableInTime(inbox: TestInbox): Promise<void> {
  const [answer, milliseconds] = await timed(() => inbox.post(signed(eventJson())));
  expectProblem(answer, 503, 'temporarily_unavailable');
  expect(milliseconds).toBeLessThan(BUDGET_MS);
}

describe('a delivery is answered 503 within its time budget', () => {
  const slow = [
    ['never answers', neverAnswers],
    ['hangs in its answer', hangsInItsAnswer],
    ['trickles its answer', trickles],
    ['throttles', failWith(400, 'ThrottlingException')],
    ['throttles, and asks for three seconds', failWith(400, 'ThrottlingException', { 'Retry-After': '3' })],
  ] as const;

  it.concurrent.each(slow)('where DynamoDB %s', async (_, fault) => {
    await using inbox = await startFaultyInbox();
    inbox.table.behaviour = fault;
    await expectUnavailableInTime(inbox);
    expect(inbox.reports).toMatchObject([{ outcome: 'unavailable', source: 'partner', reason: 'table_unavailable' }]);
  });

  it.concurrent.each(slow)('where Secrets Manager %s', async (_, fault) => {
    await using inbox = await startFaultyInbox();
    inbox.secrets.behaviour = fault;
    await expectUnavailableInTime(inbox);
    expect(inbox.reports).toMatchObject([{ outcome: 'unavailable', source: 'partner', reason: 'secret_unreachable' }]);
    expect(await inbox.items()).toEqual([]);
  });

  it.concurrent('where one uses up most of it, and then the other', async () => {
    await using inbox = await startFaultyInbox();
    inbox.secrets.behaviour = once(neverAnswers);
    inbox.table.behaviour = neverAnswers;
    await expectUnavailableInTime(inbox);
  });
});

it.concurrent('what DynamoDB finds malformed is a defect of ours: 500', async () => {
  await using inbox = await startFaultyInbox();
  inbox.table.behaviour = failWith(400, 'ValidationException');
  expectProblem(await inbox.post(signed(eventJson())), 500, 'internal_error');
  expect(JSON.stringify(inbox.reports)).not.toContain('in the words of a test');
});

it.concurrent('a write gives up at the deadline that it is given', async () => {
  await using table = await startFaultyServer(neverAnswers);
  const store = dynamodbEventStore(limitedClient(table.endpoint), TABLE_NAME);
  const item = toItem({
    source: 'partner',
    provider: 'generic',
    id: 'evt_1',
    type: undefined,
    occurredAt: undefined,
    signedAt: undefined,
    receivedAt: NOW,
    retentionSeconds: 60,
    immutable: true,
    data: {},
    payload: eventJson(),
  });
  if (!item) throw new Error('too large');
  const [stored, milliseconds] = await timed(() => store.put(item, true, performance.now() + 100));
  expect(stored).toHaveProperty('unavailable');
  expect(milliseconds).toBeLessThan(600);
});

it.concurrent('a write whose answer takes too long is in the table once, and its delivery is answered 200', async () => {
  await using inbox = await startFaultyInbox();
  inbox.table.behaviour = once(afterwards(neverAnswers));
  const [answer, milliseconds] = await timed(() => inbox.post(signed(eventJson())));
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toEqual({ status: 'duplicate', event_id: 'evt_1' });
  expect(milliseconds).toBeLessThan(BUDGET_MS);
  expect(inbox.operations).toEqual(['PutItem', 'PutItem']);
  expect(await inbox.items()).toHaveLength(1);
});

it('the deployed function comes through a storm of them all: no delivery is lost, and nothing is left behind', async () => {
  await using inbox = await startFaultyInbox();
  await using deployed = await startFunction({
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: inbox.table.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: inbox.secrets.endpoint,
    TABLE_NAME,
    SECRET_NAME_PREFIX: '',
    RETENTION_SECONDS: '86400',
    PREVIOUS_SECRET_GRACE_SECONDS: '0',
    SOURCES: JSON.stringify({ partner: { provider: 'generic' } }),
  });
  const timestamp = Math.floor(Date.now() / 1000);
  const bodies = Array.from({ length: 60 }, (_, index) => eventJson({ event_id: `evt_${index}`, timestamp }));
  const post = (payload: Buffer) => {
    const headers = { 'content-type': 'application/json', 'x-signature': signatureOf(payload) };
    const event = { path: '/webhooks/partner', httpMethod: 'POST', headers, body: String(payload) };
    return callLambda(deployed.receive, event);
  };

  const behaviours = Object.values(FAULTS).flatMap((fault) => [fault, afterwards(fault), once(fault), passOn]);
  inbox.table.behaviour = (response, attempt, pass) => {
    return behaviours[attempt % behaviours.length]?.(response, attempt, pass);
  };
  const answers = await Promise.all(bodies.map(post));
  const statuses = answers.map(({ statusCode }) => statusCode);
  expect(new Set(statuses)).toEqual(new Set([200, 503]));
  const stored = new Set((await inbox.items()).map(({ payload }) => payload?.S));
  for (const [index, status] of statuses.entries())
    expect(status === 503 || stored.has(String(bodies[index]))).toBe(true);

  inbox.table.behaviour = passOn;
  for (const each of bodies) expect(await post(each)).toMatchObject({ statusCode: 200 });
  expect((await inbox.items()).map(({ payload }) => payload?.S).sort()).toEqual(bodies.map(String).sort());
  const lines = (await deployed.finish()).trim().split('\n');
  expect(lines.filter((line) => !line.startsWith('{'))).toEqual([]);
});
