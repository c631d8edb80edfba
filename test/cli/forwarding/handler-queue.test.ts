import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { type Attempt, handlerQueue, MAX_WAITING, MAX_WAITING_BYTES } from '../../../cli/forwarding/handler-queue.ts';
import type { HandlerRequest } from '../../../cli/forwarding/handler-request.ts';
import { sendToHandler } from '../../../cli/forwarding/send-to-handler.ts';
import { startClosing, startHandler } from '../../support/handler.ts';

function requestTo(url: string, source: string, description: string): HandlerRequest {
  const headers = new Map([['content-type', ['text/plain']]]);
  const body = Buffer.from(`${source} ${description}`);
  return { source, description, make: () => ({ method: 'POST', url, query: new URLSearchParams(), headers, body }) };
}

const textsOf = (requests: readonly { readonly body: Buffer }[]) => requests.map(({ body }) => body.toString());

/** A queue whose timer is never waited for. */
function openQueue(send = sendToHandler) {
  const attempts: Attempt[] = [];
  const waits: number[] = [];
  const queue = handlerQueue({
    send,
    report: (attempt) => attempts.push(attempt),
    async wait(ms, signal) {
      waits.push(ms);
      await setImmediate();
      signal.throwIfAborted();
    },
  });
  return { ...queue, attempts, waits };
}

describe('a queue in front of a handler', () => {
  it('sends the requests of a source one after the other, in their order', async () => {
    let inFlight = 0;
    let most = 0;
    await using handler = await startHandler(async () => {
      most = Math.max(most, ++inFlight);
      await setImmediate();
      inFlight -= 1;
      return 200;
    });
    const queue = openQueue();
    const numbers = Array.from({ length: 20 }, (_, index) => String(index));
    for (const number of numbers) queue.add(requestTo(handler.url, 'stripe', number));
    await queue.drained();
    expect(textsOf(handler.requests)).toEqual(numbers.map((number) => `stripe ${number}`));
    expect(most).toBe(1);
    expect(queue.waiting()).toBe(0);
  });

  it('sends a request again that the handler does not accept, before the next one of the source', async () => {
    const statuses = [500, 429, 204, 200];
    await using handler = await startHandler(() => statuses.shift() ?? 200);
    const queue = openQueue();
    queue.add(requestTo(handler.url, 'stripe', 'first'));
    queue.add(requestTo(handler.url, 'stripe', 'second'));
    await queue.drained();
    expect(textsOf(handler.requests)).toEqual(['stripe first', 'stripe first', 'stripe first', 'stripe second']);
    expect(queue.attempts.map(({ status, outcome }) => [status, outcome])).toEqual([
      [500, 'retrying'],
      [429, 'retrying'],
      [204, 'accepted'],
      [200, 'accepted'],
    ]);
    expect(queue.waits).toEqual([1_000, 2_000]);
  });

  it('gives a request up after 5 attempts, and goes on with the next one', async () => {
    await using handler = await startHandler(({ body }) => (String(body).endsWith('bad') ? 500 : 200));
    const queue = openQueue();
    const settled: string[] = [];
    for (const each of ['bad', 'good']) {
      queue.add({ ...requestTo(handler.url, 'stripe', each), settled: () => settled.push(each) });
    }
    await queue.drained();
    expect(queue.attempts.map(({ outcome }) => outcome)).toEqual([
      ...Array(4).fill('retrying'),
      'given_up',
      'accepted',
    ]);
    expect(queue.waits).toEqual([1_000, 2_000, 4_000, 8_000]);
    expect(settled).toEqual(['bad', 'good']);
  });

  it('follows no redirect', async () => {
    await using handler = await startHandler(() => 307);
    const queue = openQueue();
    queue.add(requestTo(handler.url, 'stripe', 'moved'));
    await queue.drained();
    expect(queue.attempts.at(-1)).toMatchObject({ status: 307, outcome: 'given_up' });
  });

  it('waits for a handler that is not there, however long that takes', async () => {
    const { url, [Symbol.asyncDispose]: end } = await startHandler();
    await end();
    const queue = openQueue();
    queue.add(requestTo(url, 'stripe', 'early'));
    while (queue.attempts.length < 8) await setImmediate();
    expect(new Set(queue.attempts.map(({ outcome }) => outcome))).toEqual(new Set(['unreachable']));
    expect(queue.attempts[0]?.reason).toMatch(/ECONNREFUSED/);
    const statuses = [500];
    await using handler = await startHandler(() => statuses.shift() ?? 200, Number(new URL(url).port));
    await handler.got(2);
    await queue.drained();
    expect(Math.max(...queue.waits)).toBe(10_000);
    expect(queue.attempts.slice(-2)).toMatchObject([
      { outcome: 'retrying', number: 1, retryMs: 1_000 },
      { outcome: 'accepted', number: 2 },
    ]);
  });

  it('gives a request up on which the handler closes the connection, as a handler does that it ends', async () => {
    await using handler = await startClosing();
    const queue = openQueue();
    const settled: string[] = [];
    for (const each of ['fatal', 'next']) {
      queue.add({ ...requestTo(handler.url, 'stripe', each), settled: () => settled.push(each) });
    }
    await queue.drained();
    expect(settled).toEqual(['fatal', 'next']);
    expect(queue.attempts).toHaveLength(10);
    expect(queue.attempts[0]).toMatchObject({
      outcome: 'retrying',
      number: 1,
      reason: expect.stringMatching(/closed|reset/i),
    });
    expect(queue.attempts[4]).toMatchObject({ outcome: 'given_up', number: 5 });
  });

  it('gives a request up that the handler does not answer in time', async () => {
    const queue = openQueue(() =>
      Promise.reject(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
    );
    queue.add(requestTo('http://127.0.0.1', 'stripe', 'slow'));
    await queue.drained();
    expect(queue.attempts.at(-1)).toMatchObject({ outcome: 'given_up', number: 5 });
  });

  it('names the reason if a name has several addresses, and nothing answers at any', async () => {
    const several = Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' });
    const queue = openQueue(() => Promise.reject(new TypeError('fetch failed', { cause: several })));
    queue.add(requestTo('http://localhost', 'stripe', 'early'));
    while (queue.attempts.length === 0) await setImmediate();
    await queue.stop();
    expect(queue.attempts[0]).toMatchObject({ outcome: 'unreachable', reason: 'ECONNREFUSED' });
  });

  it('does not make a source wait for another one', async () => {
    const held = Promise.withResolvers<number>();
    await using handler = await startHandler(({ body }) => (String(body).startsWith('slow') ? held.promise : 200));
    const queue = openQueue();
    queue.add(requestTo(handler.url, 'slow', '1'));
    queue.add(requestTo(handler.url, 'quick', '1'));
    await handler.got(1);
    expect(textsOf(handler.requests)).toEqual(['quick 1']);
    held.resolve(200);
    await queue.drained();
  });

  it('finishes the attempt in flight when it stops, and keeps what it has not sent', async () => {
    const arrived = Promise.withResolvers<void>();
    const held = Promise.withResolvers<number>();
    await using handler = await startHandler(() => {
      arrived.resolve();
      return held.promise;
    });
    const queue = openQueue();
    for (const each of ['one', 'two', 'three']) queue.add(requestTo(handler.url, 'stripe', each));
    await arrived.promise;
    const stopped = queue.stop();
    held.resolve(200);
    await stopped;
    expect(textsOf(handler.requests)).toEqual(['stripe one']);
    expect(queue.waiting()).toBe(2);
    expect(queue.add(requestTo(handler.url, 'stripe', 'late'))).toBe(false);
  });

  it('makes a request again for each attempt, and reports one that cannot be made', async () => {
    await using handler = await startHandler();
    const queue = openQueue();
    let made = 0;
    const request = requestTo(handler.url, 'stripe', 'event');
    queue.add({
      ...request,
      make() {
        made += 1;
        if (made < 3) throw new Error('no key');
        return request.make();
      },
    });
    await queue.drained();
    expect(queue.attempts.map(({ reason, status }) => reason ?? status)).toEqual(['no key', 'no key', 200]);
  });

  it('takes no more than it can keep', () => {
    const queue = openQueue(() => new Promise(() => undefined));
    const taken = Array.from({ length: MAX_WAITING + 1 }, () => queue.add(requestTo('http://127.0.0.1', 'stripe', '')));
    expect(taken.filter(Boolean)).toHaveLength(MAX_WAITING);
  });

  it('keeps no more bytes than it may, and takes requests again when some have been sent', async () => {
    const held = Promise.withResolvers<number>();
    const queue = openQueue(() => held.promise);
    const request = { ...requestTo('http://127.0.0.1', 'stripe', ''), bytes: MAX_WAITING_BYTES / 2 };
    expect([queue.add(request), queue.add(request), queue.add(request)]).toEqual([true, true, false]);
    held.resolve(200);
    await queue.drained();
    expect(queue.add(request)).toBe(true);
    await queue.stop();
  });
});
