import { describe, expect, it } from '@jest/globals';
import { parseSqsRecord } from 'webhook-inbox/consumer';
import { toBusEntry } from '../../lambda/forwarder/bus-entry.ts';
import { busEvent } from '../support/bus-event.ts';
import { storedItem } from '../support/stream.ts';

const event = busEvent(toBusEntry(storedItem(), { tableName: 'events', payloadBucketName: 'payloads' }));
const messageId = '059f36b4-87a3-44ab-83d2-661975830a7d';

describe('a message that a rule has put on a queue', () => {
  it('has the event that the forwarder put on the bus', () => {
    expect(parseSqsRecord({ messageId, body: JSON.stringify(event) })).toEqual(event);
  });

  it.each([
    ['text', 'hello'],
    ['JSON that is no object', 'null'],
    ['an event of another source', JSON.stringify({ ...event, source: 'aws.s3' })],
    ['only the detail of an event', JSON.stringify(event.detail)],
    ['an event whose detail was transformed', JSON.stringify({ ...event, detail: { id: 'partner#evt_1' } })],
  ])('is refused by its id if it holds something else: %s', (_, body) => {
    expect(() => parseSqsRecord({ messageId, body })).toThrow(
      new Error(`The SQS message ${messageId} is not an event of an inbox as a rule of EventBridge sends it.`),
    );
  });
});
