import { describe, expect, it } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
import { documentClient } from '../../../lambda/aws/document-client.ts';
import { dynamodbEventStore } from '../../../lambda/events/dynamodb-event-store.ts';
import { overflow } from '../../../lambda/overflow/overflow.ts';
import { encodeMessages } from '../../../lambda/overflow-queue/overflow-message.ts';
import { dynamodbQuarantine } from '../../../lambda/quarantine/dynamodb-quarantine.ts';
import type { Judgement } from '../../../lambda/storage/judgement.ts';
import { type Stores, storeJudgement } from '../../../lambda/storage/store-judgement.ts';
import type { OverflowReport } from '../../../lambda/telemetry/overflow-report.ts';
import { neverPasses } from '../../support/deadlines.ts';
import { incompressibleText } from '../../support/generic-event.ts';
import { startInbox, TABLE_NAME, type TestInbox } from '../../support/inbox.ts';
import { invalidEvent, validEvent } from '../../support/judgements.ts';
import { memoryPayloadBucket } from '../../support/memory-stores.ts';

function storesOf({ dynamodb }: TestInbox, objects = new Map<string, Uint8Array>()): Stores {
  const documents = documentClient(dynamodb.client);
  return {
    store: dynamodbEventStore(documents, TABLE_NAME, neverPasses),
    quarantine: dynamodbQuarantine(documents, dynamodb.quarantineTableName, neverPasses),
    payloads: memoryPayloadBucket(objects),
  };
}

/** A batch of the queue, with one message per group of events. */
function batchOf(...groups: readonly (readonly Judgement[] | string)[]): SQSEvent {
  const records = groups.map((group, index) => ({
    messageId: `message-${index}`,
    body: typeof group === 'string' ? group : (encodeMessages(group)?.[0] ?? ''),
    attributes: { ApproximateReceiveCount: '3' },
  }));
  return { Records: records } as unknown as SQSEvent;
}

function open(stores: Stores) {
  const reports: OverflowReport[] = [];
  return { reports, store: overflow({ ...stores, report: (report) => reports.push(report) }) };
}

const failures = (...ids: readonly string[]) => ({ batchItemFailures: ids.map((id) => ({ itemIdentifier: id })) });

describe('The overflow function', () => {
  it('stores valid events in the events table and invalid ones in quarantine', async () => {
    await using inbox = await startInbox();
    const { reports, store } = open(storesOf(inbox));
    expect(await store(batchOf([validEvent(), invalidEvent()], [validEvent({ id: 'evt_2' })]))).toEqual(failures());
    expect((await inbox.items()).map(({ id }) => id?.S).sort()).toEqual(['partner#evt_1', 'partner#evt_2']);
    expect(await inbox.quarantined()).toMatchObject([{ reason: { S: 'not_utf8' } }]);
    expect(reports).toMatchObject([
      {
        messageId: 'message-0',
        receiveCount: 3,
        source: 'partner',
        events: [{ status: 'processed', eventId: 'evt_1' }, { status: 'quarantined' }],
        cause: undefined,
      },
      { messageId: 'message-1', events: [{ status: 'processed', eventId: 'evt_2' }] },
    ]);
  });

  it('writes the same item as the receiver would have written when the event arrived', async () => {
    await using inbox = await startInbox();
    await using other = await startInbox();
    await storeJudgement(validEvent(), { ...storesOf(other), keepsConflicts: true, deadline: 0 });
    await open(storesOf(inbox)).store(batchOf([validEvent()]));
    expect(await inbox.items()).toEqual(await other.items());
  });

  it('stores an event once, however often its message arrives and whoever else stored it', async () => {
    await using inbox = await startInbox();
    const { reports, store } = open(storesOf(inbox));
    for (let count = 0; count < 3; count += 1) await store(batchOf([validEvent()], [validEvent()]));
    expect(await inbox.items()).toHaveLength(1);
    const statuses = reports.flatMap(({ events }) => events.map(({ status }) => status));
    expect(statuses).toEqual(['processed', ...Array(5).fill('duplicate')]);
  });

  it('keeps the second payload of an event id in quarantine', async () => {
    await using inbox = await startInbox();
    const { reports, store } = open(storesOf(inbox));
    const second = validEvent({ payload: Buffer.from('{"event_id":"evt_1","changed":true}') });
    expect(await store(batchOf([validEvent()], [second]))).toEqual(failures());
    expect(await inbox.quarantined()).toMatchObject([{ reason: { S: 'conflict' }, event_id: { S: 'evt_1' } }]);
    expect(reports[1]?.events).toMatchObject([{ status: 'conflict', eventId: 'evt_1' }]);
  });

  it('writes a large payload to the bucket before its item', async () => {
    await using inbox = await startInbox();
    const objects = new Map<string, Uint8Array>();
    const payload = Buffer.from(incompressibleText(700_000));
    await open(storesOf(inbox, objects)).store(batchOf([validEvent({ payload })]));
    const [item] = await inbox.items();
    expect([...objects.keys()]).toEqual([item?.payload_object?.S]);
  });

  it('writes a large payload under the prefix of the bucket, of an event and of what is in quarantine', async () => {
    await using inbox = await startInbox();
    const objects = new Map<string, Uint8Array>();
    const stores = storesOf(inbox, objects);
    const { store } = open({ ...stores, payloads: { ...stores.payloads, prefix: 'webhooks/' } });
    const payload = Buffer.from(incompressibleText(700_000));
    const other = Buffer.from(incompressibleText(710_000));
    await store(batchOf([validEvent({ payload }), invalidEvent({ payload: other })]));
    const [[item], [quarantined]] = [await inbox.items(), await inbox.quarantined()];
    expect([...objects.keys()].toSorted()).toEqual(
      [item?.payload_object?.S, quarantined?.payload_object?.S].toSorted(),
    );
    for (const key of objects.keys()) expect(key).toMatch(/^webhooks\/partner\/[0-9a-f]{64}$/);
  });

  it('returns the messages of which an event could not be stored, and stores their other events', async () => {
    await using inbox = await startInbox();
    const stores = storesOf(inbox);
    const quarantine = { put: async () => ({ unavailable: new Error('down') }) };
    const { reports, store } = open({ ...stores, quarantine });
    const batch = batchOf([validEvent(), invalidEvent()], [validEvent({ id: 'evt_2' })]);
    expect(await store(batch)).toEqual(failures('message-0'));
    expect(await inbox.items()).toHaveLength(2);
    expect(reports[0]?.cause).toMatchObject({ name: 'Error' });
    expect(await open(stores).store(batch)).toEqual(failures());
    expect(await inbox.quarantined()).toHaveLength(1);
  });

  it('begins no write after its deadline, so that it ends in time to keep what it stored', async () => {
    await using inbox = await startInbox();
    const stores = storesOf(inbox);
    const deadline = new AbortController();
    const started: string[] = [];
    const passing: Stores['store'] = {
      put: async (item, ...rest) => {
        started.push(item.event_id);
        const outcome = await stores.store.put(item, ...rest);
        deadline.abort();
        return outcome;
      },
    };
    const reports: OverflowReport[] = [];
    const store = overflow({ ...stores, store: passing, report: (report) => reports.push(report) }, () => ({
      signal: deadline.signal,
      [Symbol.dispose]() {},
    }));
    const batch = batchOf([validEvent()], [validEvent({ id: 'evt_2' }), validEvent({ id: 'evt_3' })]);
    expect(await store(batch)).toEqual(failures('message-1'));
    expect(started).toEqual(['evt_1']);
    expect(reports[1]).toMatchObject({
      cause: { name: 'out_of_time' },
      events: [{ eventId: 'evt_2' }, { eventId: 'evt_3' }],
    });
  });

  it('stores the other events of a message in which one meets a defect', async () => {
    await using inbox = await startInbox();
    const stores = storesOf(inbox);
    const broken: Stores['store'] = {
      put: async (item, ...rest) => {
        if (item.event_id === 'bad') throw new TypeError('a defect');
        return stores.store.put(item, ...rest);
      },
    };
    const { reports, store } = open({ ...stores, store: broken });
    expect(await store(batchOf([validEvent({ id: 'bad' }), validEvent()]))).toEqual(failures('message-0'));
    expect(await inbox.items()).toMatchObject([{ id: { S: 'partner#evt_1' } }]);
    expect(reports[0]?.cause).toMatchObject({ name: 'TypeError' });
  });

  it('returns a message that it cannot read, and reports it without its content', async () => {
    await using inbox = await startInbox();
    const { reports, store } = open(storesOf(inbox));
    expect(await store(batchOf('not ours', [validEvent()]))).toEqual(failures('message-0'));
    expect(await inbox.items()).toHaveLength(1);
    expect(reports[0]).toMatchObject({ source: undefined, events: [], cause: { name: 'Error' } });
    expect(JSON.stringify(reports)).not.toContain('not ours');
  });

  it('names the reason if an error does not', async () => {
    await using inbox = await startInbox();
    const payloads = { put: async () => ({ unavailable: undefined }) };
    const { reports, store } = open({ ...storesOf(inbox), payloads });
    const payload = Buffer.from(incompressibleText(700_000));
    await store(batchOf([validEvent({ payload })]));
    expect(reports[0]?.cause).toEqual({ name: 'bucket_unavailable' });
  });
});
