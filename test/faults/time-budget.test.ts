import { describe, expect, it } from '@jest/globals';
import { CLIENT_LIMITS, QUEUE_CLIENT_LIMITS } from '../../lambda/aws/client-limits.ts';
import { abortAt } from '../../lambda/aws/deadline.ts';
import { STORE_BUDGET_MS, TIME_BUDGET_MS } from '../../lambda/receiver/delivery.ts';
import { PERSISTENT_LIMITS } from '../support/aws-clients.ts';
import { afterwards, FAULTS, failWith, neverAnswers, once, STALLS } from '../support/faults.ts';
import { startFaultyInbox } from '../support/faulty-inbox.ts';
import { passOn } from '../support/faulty-server.ts';
import { startFunction } from '../support/function-process.ts';
import { eventJson, SECRET, signatureOf, signed } from '../support/generic-event.ts';
import { startInbox, TABLE_NAME, type TestInbox } from '../support/inbox.ts';
import { callLambda } from '../support/lambda-call.ts';
import { expectProblem } from '../support/problem.ts';

// Guards the deployed limits. Arithmetic shows that they are short enough; that they end every wait is tested in real
// time, where only a hang can fail a test.

/** The least patient provider waits this long, in milliseconds: see `TIME_BUDGET_MS`. */
const SLACK_MS = 3_000;

/** The longest wait of the AWS SDK before the second attempt of a call that timed out, in milliseconds. */
const LONGEST_BACKOFF_MS = 50;

describe('The deployed limits', () => {
  it('leave half a second of the 3 s that Slack waits for the network and a cold start', () => {
    expect(TIME_BUDGET_MS).toBeLessThanOrEqual(SLACK_MS - 500);
  });

  it.each([
    ['the tables', CLIENT_LIMITS, STORE_BUDGET_MS],
    ['the overflow queue', QUEUE_CLIENT_LIMITS, TIME_BUDGET_MS - STORE_BUDGET_MS],
  ])('allow the client of %s two attempts within its part of the time budget, and not three', (_, limits, budget) => {
    const { maxAttempts, requestHandler } = limits;
    const longest = maxAttempts * requestHandler.requestTimeout + LONGEST_BACKOFF_MS;
    expect(longest).toBeLessThanOrEqual(budget);
    expect(longest + requestHandler.requestTimeout).toBeGreaterThan(budget);
    expect(requestHandler.connectionTimeout).toBeLessThan(requestHandler.requestTimeout);
  });
});

describe('In real time, with the deployed limits, a delivery is answered 503', () => {
  const deployed = { limits: CLIENT_LIMITS, openDeadline: abortAt };
  const slow = [...Object.entries(STALLS), ['throttles', failWith(400, 'ThrottlingException')] as const];

  async function expectUnavailable(inbox: TestInbox): Promise<void> {
    expectProblem(await inbox.post(signed(eventJson())), 503, 'temporarily_unavailable');
  }

  it.concurrent.each(slow)('where DynamoDB %s', async (_, fault) => {
    await using inbox = await startInbox({ ...deployed, fault });
    await expectUnavailable(inbox);
    expect(inbox.reports).toMatchObject([{ outcome: 'unavailable', source: 'partner', reason: 'table_unavailable' }]);
  });

  it.concurrent.each(slow)('where Secrets Manager %s', async (_, fault) => {
    await using inbox = await startFaultyInbox(deployed);
    inbox.secrets.behaviour = fault;
    await expectUnavailable(inbox);
    expect(inbox.reports).toMatchObject([{ outcome: 'unavailable', source: 'partner', reason: 'secret_unreachable' }]);
    expect(await inbox.items()).toEqual([]);
  });

  it.concurrent('where Secrets Manager uses up most of the time, and DynamoDB never answers', async () => {
    await using inbox = await startFaultyInbox(deployed);
    inbox.secrets.behaviour = once(neverAnswers);
    inbox.table.behaviour = neverAnswers;
    await expectUnavailable(inbox);
  });
});

it.concurrent('A delivery is answered 500 if DynamoDB finds the write malformed, which is a defect', async () => {
  await using inbox = await startFaultyInbox();
  inbox.table.behaviour = failWith(400, 'ValidationException');
  expectProblem(await inbox.post(signed(eventJson())), 500, 'internal_error');
  expect(JSON.stringify(inbox.reports)).not.toContain('in the words of a test');
});

it.concurrent('In real time, a write whose answer times out is in the table once, and its delivery is answered 200', async () => {
  await using inbox = await startFaultyInbox({ limits: PERSISTENT_LIMITS });
  inbox.table.behaviour = once(afterwards(neverAnswers));
  const { status, text } = await inbox.post(signed(eventJson()));
  expect([status, JSON.parse(text)]).toEqual([200, { status: 'duplicate', event_id: 'evt_1' }]);
  expect(inbox.operations.slice(0, 2)).toEqual(['PutItem', 'PutItem']);
  expect(await inbox.items()).toHaveLength(1);
});

it('The deployed function loses no delivery in a storm of every fault, and stores every event once afterwards', async () => {
  await using inbox = await startFaultyInbox();
  inbox.manager.versions.set('inbox/partner AWSCURRENT', { SecretString: SECRET, createdAt: 0 });
  const environment = {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: inbox.table.endpoint,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: inbox.secrets.endpoint,
    AWS_ENDPOINT_URL_SQS: 'http://127.0.0.1:1',
    TABLE_NAME,
    QUARANTINE_TABLE_NAME: inbox.dynamodb.quarantineTableName,
    PAYLOAD_BUCKET_NAME: 'payloads',
    OVERFLOW_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/overflow',
    INBOX_NAME: 'inbox',
    RETENTION_SECONDS: '86400',
    PREVIOUS_SECRET_GRACE_SECONDS: '0',
  };
  await using deployed = await startFunction(environment, { partner: { provider: 'generic' } });
  const timestamp = Math.floor(Date.now() / 1000);
  const bodies = Array.from({ length: 60 }, (_, index) => eventJson({ event_id: `evt_${index}`, timestamp }));
  const post = async (payload: Buffer) => {
    const headers = { 'content-type': 'application/json', 'x-signature': signatureOf(payload) };
    const event = { path: '/webhooks/partner', httpMethod: 'POST', headers, body: String(payload) };
    return (await callLambda(deployed.receive, event)).statusCode;
  };
  /** Retries as a provider does: on a busy machine, a delivery may reach its deadline without any fault. */
  const postUntilTaken = async (payload: Buffer) => {
    let status = await post(payload);
    while (status === 503) status = await post(payload);
    return status;
  };
  const storedPayloads = async () => (await inbox.items()).map(({ payload }) => payload?.S);

  const behaviours = Object.values(FAULTS).flatMap((fault) => [fault, afterwards(fault), once(fault), passOn]);
  inbox.table.behaviour = (response, attempt, pass) => {
    return behaviours[attempt % behaviours.length]?.(response, attempt, pass);
  };
  const statuses = await Promise.all(bodies.map(post));
  expect([200, 503]).toEqual(expect.arrayContaining(statuses));
  const acknowledged = bodies.filter((_, index) => statuses[index] === 200);
  expect(await storedPayloads()).toEqual(expect.arrayContaining(acknowledged.map(String)));

  inbox.table.behaviour = passOn;
  for (const each of bodies) expect(await postUntilTaken(each)).toBe(200);
  expect((await storedPayloads()).sort()).toEqual(bodies.map(String).sort());
  const lines = (await deployed.finish()).trim().split('\n');
  expect(lines.filter((line) => !line.startsWith('{'))).toEqual([]);
});
