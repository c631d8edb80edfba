import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Arena, fileOf, openArena } from '../../bench/arena.ts';
import { CONTESTANTS } from '../../bench/contestants.ts';
import { genericDelivery, genericEvent, largeEvent } from '../../bench/deliveries.ts';
import type { FunctionProcess } from '../../bench/function-process.ts';

const SLOW_TIMERS = import.meta.resolve('../support/slow-timers.ts');

/** Requests to DynamoDB for a new event. */
const REQUESTS = {
  inbox: ['PutItem'],
  floor: ['PutItem'],
  powertools: ['PutItem', 'PutItem', 'UpdateItem'],
  'get-then-put': ['GetItem', 'PutItem'],
};

describe.each(CONTESTANTS)('the contestant "$title"', ({ name }) => {
  it('stores a new event with the expected requests, reports a duplicate, and refuses a forgery without a request', async () => {
    await using contestant = arena.start(true, { NODE_OPTIONS: `--import=${SLOW_TIMERS}` });
    await contestant.load(fileOf(arena, name));
    const handle = async (event: Parameters<FunctionProcess['handle']>[0]) => {
      const { statusCode, body } = await contestant.handle(event);
      return [statusCode, JSON.parse(body).status];
    };
    const body = genericEvent(randomUUID());
    expect(await handle(genericDelivery(body))).toEqual([200, 'processed']);
    expect((await arena.backends.takeTally()).requests).toEqual(REQUESTS[name]);
    expect(await handle(genericDelivery(body))).toEqual([200, 'duplicate']);
    expect(await handle(genericDelivery(largeEvent(randomUUID())))).toEqual([200, 'processed']);
    await arena.backends.takeTally();
    expect((await contestant.handle(genericDelivery(genericEvent(randomUUID()), 'a guess'))).statusCode).toBe(401);
    expect((await arena.backends.takeTally()).requests).toEqual([]);
  });
});

let arena: Arena;

beforeAll(async () => {
  arena = await openArena();
});

afterAll(async () => {
  await arena[Symbol.asyncDispose]();
});
