import { gzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import {
  decodeMessage,
  encodeMessages,
  MAX_MESSAGE_BYTES,
  MAX_MESSAGE_EVENTS,
} from '../../../lambda/overflow-queue/overflow-message.ts';
import { incompressibleText } from '../../support/generic-event.ts';
import { invalidEvent, validEvent } from '../../support/judgements.ts';

const withText = (id: string, length: number) => validEvent({ id, payload: Buffer.from(incompressibleText(length)) });

describe('The messages of the overflow queue', () => {
  it('return every event as it was judged, with its payload byte for byte', () => {
    const judgements = [
      validEvent(),
      validEvent({ id: 'evt_2', fromBatch: true, immutable: false, payload: Buffer.from('"1e400 – 12.10"') }),
      invalidEvent(),
      invalidEvent({ reason: 'conflict', eventId: 'evt_3', payload: Buffer.from('{}') }),
    ];
    const messages = encodeMessages(judgements);
    expect(messages).toHaveLength(1);
    expect(messages?.flatMap(decodeMessage)).toEqual(judgements);
  });

  it('hold 4 MiB of JSON in one message, because they are compressed', () => {
    const payload = Buffer.from(JSON.stringify(Array.from({ length: 100_000 }, (_, id) => ({ id, type: 'push' }))));
    const messages = encodeMessages([validEvent({ payload })]);
    expect(messages).toHaveLength(1);
    expect(messages?.flatMap(decodeMessage)).toEqual([validEvent({ payload })]);
  });

  it('are as large as SQS accepts at most, and are more than one where one would be larger', () => {
    const judgements = Array.from({ length: 5 }, (_, index) => withText(`evt_${index}`, 500_000));
    const messages = encodeMessages(judgements) ?? [];
    expect(messages.length).toBeGreaterThan(1);
    for (const message of messages) expect(message.length).toBeLessThanOrEqual(MAX_MESSAGE_BYTES);
    expect(messages.flatMap(decodeMessage)).toEqual(judgements);
  });

  it('hold no more events than one invocation of the overflow function stores, however small they are', () => {
    const judgements = Array.from({ length: 2 * MAX_MESSAGE_EVENTS + 1 }, (_, index) =>
      validEvent({ id: `evt_${index}` }),
    );
    const messages = (encodeMessages(judgements) ?? []).map(decodeMessage);
    expect(Math.max(...messages.map(({ length }) => length))).toBeLessThanOrEqual(MAX_MESSAGE_EVENTS);
    expect(messages.flat()).toEqual(judgements);
  });

  it('do not exist for an event that fits into none', () => {
    expect(encodeMessages([withText('evt_1', 1_200_000)])).toBeUndefined();
    expect(encodeMessages([withText('evt_1', 1_200_000), validEvent(), validEvent()])).toBeUndefined();
    expect(encodeMessages([validEvent(), validEvent(), withText('evt_1', 1_200_000)])).toBeUndefined();
  });

  it('are refused if they are something else', () => {
    expect(() => decodeMessage('hello')).toThrow();
    expect(() => decodeMessage(gzipSync('{').toString('base64'))).toThrow();
  });
});
