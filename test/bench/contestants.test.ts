import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Arena, fileOf, openArena } from '../../bench/arena.ts';
import { CONTESTANTS } from '../../bench/contestants.ts';
import { genericDelivery, genericEvent, largeEvent } from '../../bench/deliveries.ts';
import type { FunctionProcess } from '../../bench/function-process.ts';

// Processes, and a machine that may be busy.
jest.setTimeout(30_000);

/** What each is known to ask of DynamoDB for a new event. */
const REQUESTS = {
  inbox: ['PutItem'],
  floor: ['PutItem'],
  powertools: ['PutItem', 'PutItem', 'UpdateItem'],
  'get-then-put': ['GetItem', 'PutItem'],
};

describe.each(CONTESTANTS)('$title, in the benchmark', ({ name }) => {
  it('stores a new event, knows it again, and refuses a forgery', async () => {
    await using contestant = arena.start(true);
    await contestant.load(fileOf(arena, name));
    const answer = async (event: Parameters<FunctionProcess['answer']>[0]) => {
      const { statusCode, body } = await contestant.answer(event);
      return [statusCode, JSON.parse(body).status];
    };
    const body = genericEvent(randomUUID());
    expect(await answer(genericDelivery(body))).toEqual([200, 'processed']);
    expect((await arena.backends.takeTally()).requests).toEqual(REQUESTS[name]);
    expect(await answer(genericDelivery(body))).toEqual([200, 'duplicate']);
    expect(await answer(genericDelivery(largeEvent(randomUUID())))).toEqual([200, 'processed']);
    await arena.backends.takeTally();
    expect((await contestant.answer(genericDelivery(genericEvent(randomUUID()), 'a guess'))).statusCode).toBe(401);
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
