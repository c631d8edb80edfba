import { describe, expect, it } from '@jest/globals';
import { localOverflowQueue } from '../../cli/local/local-overflow-queue.ts';
import { documentClient } from '../../lambda/aws/document-client.ts';
import { dynamodbEventStore } from '../../lambda/events/dynamodb-event-store.ts';
import { overflow } from '../../lambda/overflow/overflow.ts';
import { s3PayloadBucket } from '../../lambda/payloads/s3-payload-bucket.ts';
import { dynamodbQuarantine } from '../../lambda/quarantine/dynamodb-quarantine.ts';
import { dynamodbClient } from '../support/aws-clients.ts';
import { neverPasses } from '../support/deadlines.ts';
import { afterwards, endedBy, FAULTS } from '../support/faults.ts';
import { type FaultyInbox, startFaultyInbox } from '../support/faulty-inbox.ts';
import { passOn } from '../support/faulty-server.ts';
import { eventJson, incompressibleText, signed } from '../support/generic-event.ts';
import { TABLE_NAME } from '../support/inbox.ts';
import { memoryPayloadBucket } from '../support/memory-stores.ts';
import { expectProblem } from '../support/problem.ts';
import { s3Fault, startS3Endpoint } from '../support/s3-endpoint.ts';

// Guards that a delivery is acknowledged only once it is durable as a whole, whichever service fails.

const event = eventJson();
const other = eventJson({ action: 'invoice.void' });

async function expectUnavailable(inbox: FaultyInbox, body: Buffer | string, reason: string): Promise<void> {
  expectProblem(await inbox.post(signed(body)), 503, 'temporarily_unavailable');
  expect(inbox.reports.at(-1)).toMatchObject({ outcome: 'unavailable', reason });
}

async function expectAcknowledged(inbox: FaultyInbox, body: Buffer | string, status: string): Promise<void> {
  const response = await inbox.post(signed(body));
  expect([response.status, response.headers['inbox-status']]).toEqual([200, status]);
}

const reasonsOf = async (inbox: FaultyInbox) => (await inbox.quarantined()).map(({ reason }) => reason?.S);

describe('Where the quarantine table', () => {
  it.concurrent.each(Object.entries(FAULTS))(
    '%s, before or after it wrote, an invalid event is answered 503, and a retry is kept once',
    async (_, named) => {
      await using inbox = await startFaultyInbox({ onInvalid: 'quarantine' });
      const fault = endedBy(inbox.deadlines, named);
      inbox.quarantine.behaviour = fault;
      await expectUnavailable(inbox, '{', 'quarantine_unavailable');
      expect(await reasonsOf(inbox)).toEqual([]);
      inbox.quarantine.behaviour = afterwards(fault);
      await expectUnavailable(inbox, '{', 'quarantine_unavailable');
      inbox.quarantine.behaviour = passOn;
      await expectAcknowledged(inbox, '{', 'quarantined');
      expect(await reasonsOf(inbox)).toEqual(['not_json']);
    },
  );

  it.concurrent('is out of reach, a second payload under an event id is answered 503, and a retry is kept', async () => {
    await using inbox = await startFaultyInbox({ onInvalid: 'quarantine' });
    await inbox.quarantine.refuse();
    await expectAcknowledged(inbox, event, 'processed');
    await expectUnavailable(inbox, other, 'quarantine_unavailable');
    await inbox.quarantine.accept();
    await expectAcknowledged(inbox, other, 'conflict');
    expect(await reasonsOf(inbox)).toEqual(['conflict']);
  });

  it.concurrent('is out of reach, valid events are acknowledged', async () => {
    await using inbox = await startFaultyInbox({ onInvalid: 'quarantine' });
    await inbox.quarantine.refuse();
    await expectAcknowledged(inbox, event, 'processed');
    await expectAcknowledged(inbox, event, 'duplicate');
  });
});

describe('Where the payload bucket', () => {
  const more = incompressibleText(700_000);
  const { config } = dynamodbClient('http://127.0.0.1:1');

  const rows = [
    ['a large event', eventJson({ more }), 'processed'],
    ['a large invalid event', eventJson({ event_id: 7, more }), 'quarantined'],
  ] as const;

  async function startInboxWithS3() {
    const s3 = await startS3Endpoint(config);
    const payloads = s3PayloadBucket({ url: `${s3.endpoint}/payloads`, config, fetch, openDeadline: neverPasses });
    const inbox = await startFaultyInbox({ onInvalid: 'quarantine', payloads });
    return {
      ...inbox,
      s3,
      async [Symbol.asyncDispose]() {
        await inbox[Symbol.asyncDispose]();
        await s3[Symbol.asyncDispose]();
      },
    };
  }

  it.concurrent.each(rows)(
    'fails, %s is answered 503 without an item, and a retry is stored',
    async (_, body, status) => {
      await using inbox = await startInboxWithS3();
      inbox.s3.faults.push(s3Fault(503, 'SlowDown'), s3Fault(503, 'SlowDown'));
      await expectUnavailable(inbox, body, 'bucket_unavailable');
      expect(inbox.operations).toEqual([]);
      await expectAcknowledged(inbox, body, status);
      const [item] = [...(await inbox.items()), ...(await inbox.quarantined())];
      expect([...inbox.s3.objects.keys()]).toEqual([`/payloads/${item?.payload_object?.S}`]);
    },
  );

  it.concurrent.each(rows)(
    'holds %s, but its table fails, the response is 503, and a retry is stored',
    async (_, body, status) => {
      await using inbox = await startInboxWithS3();
      await inbox.table.refuse();
      await inbox.quarantine.refuse();
      expectProblem(await inbox.post(signed(body)), 503, 'temporarily_unavailable');
      expect(inbox.s3.objects.size).toBe(1);
      await inbox.table.accept();
      await inbox.quarantine.accept();
      await expectAcknowledged(inbox, body, status);
      expect(inbox.s3.objects.size).toBe(1);
    },
  );

  it.concurrent('fails, other events are acknowledged', async () => {
    await using inbox = await startInboxWithS3();
    inbox.s3.faults.push(s3Fault(503, 'SlowDown'));
    await expectAcknowledged(inbox, event, 'processed');
    expect(inbox.s3.requests).toEqual([]);
  });
});

describe('With the overflow queue, no event is lost', () => {
  /** An inbox whose tables and bucket are down, with a queue that is not. */
  async function startInboxWithQueue() {
    const queue = localOverflowQueue();
    const objects = new Map<string, Uint8Array>();
    const bucket = memoryPayloadBucket(objects);
    const down = { value: false };
    const payloads = {
      put: async (...object: Parameters<typeof bucket.put>) =>
        down.value ? { unavailable: new Error('down') } : bucket.put(...object),
    };
    const inbox = await startFaultyInbox({ onInvalid: 'quarantine', payloads, overflow: queue });
    const documents = documentClient(inbox.dynamodb.client);
    const stores = {
      store: dynamodbEventStore(documents, TABLE_NAME, neverPasses),
      quarantine: dynamodbQuarantine(documents, inbox.dynamodb.quarantineTableName, neverPasses),
      payloads,
    };
    const deliver = () => queue.deliver(overflow({ ...stores, report: () => undefined }));
    return { ...inbox, objects, down, queue, deliver };
  }

  it.concurrent.each([
    ['an event', event],
    ['an invalid event', Buffer.from('{')],
  ])('while the tables are down: %s is queued, and stored once they are back', async (_, body) => {
    await using inbox = await startInboxWithQueue();
    await inbox.table.refuse();
    await inbox.quarantine.refuse();
    await expectAcknowledged(inbox, body, 'queued');
    await inbox.deliver();
    const stored = [...(await inbox.items()), ...(await inbox.quarantined())];
    expect(stored).toMatchObject([{ payload: { S: String(body) } }]);
    expect(inbox.queue.waiting()).toBe(0);
  });

  it.concurrent('while the bucket is down: a large event is queued with its payload', async () => {
    await using inbox = await startInboxWithQueue();
    inbox.down.value = true;
    await expectAcknowledged(inbox, eventJson({ more: incompressibleText(700_000) }), 'queued');
    await inbox.deliver();
    expect([await inbox.items(), inbox.queue.waiting()]).toEqual([[], 1]);
    inbox.down.value = false;
    await inbox.deliver();
    const [item] = await inbox.items();
    expect([...inbox.objects.keys()]).toEqual([item?.payload_object?.S]);
  });

  it.concurrent('while only the quarantine is down: a second payload under an event id is queued', async () => {
    await using inbox = await startInboxWithQueue();
    await expectAcknowledged(inbox, event, 'processed');
    await inbox.quarantine.refuse();
    await expectAcknowledged(inbox, other, 'queued');
    await inbox.deliver();
    expect(await reasonsOf(inbox)).toEqual(['conflict']);
  });

  it.concurrent('or stored twice if its put was late, but came to the table', async () => {
    await using inbox = await startInboxWithQueue();
    inbox.table.behaviour = afterwards(FAULTS['closes the connection'] ?? (() => undefined));
    await expectAcknowledged(inbox, event, 'queued');
    await inbox.deliver();
    expect(await inbox.items()).toHaveLength(1);
  });
});
