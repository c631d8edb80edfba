import type { ServerResponse } from 'node:http';
import { describe, expect, it, jest } from '@jest/globals';
import { dynamodbEventStore } from '../../lambda/events/dynamodb-event-store.ts';
import { toItem } from '../../lambda/events/event-item.ts';
import { secretsManagerSecrets } from '../../lambda/secrets/secrets-manager.ts';
import { type Behaviour, limitedClient, startFaultyServer } from '../support/faulty-server.ts';
import { eventJson, NOW, signed } from '../support/generic-event.ts';
import { startInbox, TABLE_NAME, type TestInbox } from '../support/inbox.ts';
import { expectProblem } from '../support/problem.ts';
import { secretsManagerClient } from '../support/secrets-manager.ts';

// A machine may be busy.
jest.setTimeout(30_000);

/** Slack waits 3 seconds; what is left is for the way there and back. */
const BUDGET_MS = 2_500;

const silent = () => undefined;
const hangsInTheBody = (response: ServerResponse) => {
  response.writeHead(200, { 'Content-Type': 'application/x-amz-json-1.0', 'Content-Length': 1_000 }).write('{');
};

function fail(response: ServerResponse, status: number, __type: string): void {
  response.writeHead(status).end(JSON.stringify({ __type, message: 'in the words of a test' }));
}

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
  it.concurrent.each([
    ['never answers', silent],
    ['hangs in its answer', hangsInTheBody],
  ])('where DynamoDB %s', async (_, behaviour) => {
    await using inbox = await startInbox({ fault: behaviour });
    await expectUnavailableInTime(inbox);
    expect(inbox.reports).toMatchObject([{ outcome: 'unavailable', source: 'partner', reason: 'table_unavailable' }]);
  });

  it.concurrent.each([
    ['never answers', silent],
    ['hangs in its answer', hangsInTheBody],
  ])('where Secrets Manager %s', async (_, behaviour) => {
    await using manager = await startFaultyServer(behaviour);
    const options = { namePrefix: 'inbox/', previousSecretGraceSeconds: 0, clock: () => NOW };
    const readSecret = secretsManagerSecrets(secretsManagerClient(manager.endpoint), options);
    await using inbox = await startInbox({ readSecret });
    await expectUnavailableInTime(inbox);
    expect(inbox.reports).toMatchObject([{ outcome: 'unavailable', source: 'partner', reason: 'secret_unreachable' }]);
    expect(await inbox.items()).toEqual([]);
  });

  it.concurrent.each([
    ['throttles', 400, 'ProvisionedThroughputExceededException'],
    ['throttles requests', 400, 'ThrottlingException'],
    ['fails', 500, 'InternalServerError'],
    ['refuses', 400, 'AccessDeniedException'],
  ])('where DynamoDB %s', async (_, status, name) => {
    const __type = `com.amazonaws.dynamodb.v20120810#${name}`;
    await using inbox = await startInbox({ fault: (response) => fail(response, status, __type) });
    await expectUnavailableInTime(inbox);
    expect(inbox.reports).toMatchObject([{ outcome: 'unavailable', cause: { name } }]);
  });

  it.concurrent('where DynamoDB breaks every connection', async () => {
    await using inbox = await startInbox({ fault: (response) => void response.destroy() });
    await expectUnavailableInTime(inbox);
  });
});

it.concurrent('what DynamoDB finds malformed is a defect of ours: 500', async () => {
  const __type = 'com.amazon.coral.validate#ValidationException';
  await using inbox = await startInbox({ fault: (response) => fail(response, 400, __type) });
  expectProblem(await inbox.post(signed(eventJson())), 500, 'internal_error');
  expect(JSON.stringify(inbox.reports)).not.toContain('in the words of a test');
});

it.concurrent('a write gives up at the deadline that it is given', async () => {
  await using table = await startFaultyServer(silent);
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

describe('a write whose answer is lost', () => {
  it.concurrent.each<[string, (response: ServerResponse) => void]>([
    ['with its connection', (response) => void response.destroy()],
    ['as it takes too long', () => undefined],
    ['behind an error', (response) => fail(response, 500, 'InternalServerError')],
  ])('%s is in the table once, and its delivery is answered 200', async (_, lose) => {
    const fault: Behaviour = async (response, attempt, pass) => {
      const answer = await pass();
      if (attempt === 1) lose(response);
      else answer();
    };
    await using inbox = await startInbox({ fault });
    const [answer, milliseconds] = await timed(() => inbox.post(signed(eventJson())));
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual({ status: 'duplicate', event_id: 'evt_1' });
    expect(milliseconds).toBeLessThan(BUDGET_MS);
    expect(inbox.operations).toEqual(['PutItem', 'PutItem']);
    expect(await inbox.items()).toHaveLength(1);
  });

  it.concurrent.each<[string, (response: ServerResponse) => void]>([
    ['with every connection', (response) => void response.destroy()],
    ['half-way', hangsInTheBody],
  ])('%s is in the table once: 503, and a duplicate when it is delivered again', async (_, lose) => {
    let isLosing = true;
    const fault: Behaviour = async (response, _, pass) => {
      const answer = await pass();
      if (isLosing) lose(response);
      else answer();
    };
    await using inbox = await startInbox({ fault });
    expectProblem(await inbox.post(signed(eventJson())), 503, 'temporarily_unavailable');
    isLosing = false;
    expect(JSON.parse((await inbox.post(signed(eventJson()))).text)).toMatchObject({ status: 'duplicate' });
    expect(await inbox.items()).toHaveLength(1);
  });
});
