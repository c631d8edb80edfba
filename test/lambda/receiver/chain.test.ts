import { describe, expect, it } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { openChain } from '../../../lambda/receiver/chain.ts';

interface Opened {
  readonly log: string[];
}

const options = { onError: () => undefined, onEnd: () => undefined };
const open = () => openChain<Opened>(options);
const step = <Adds>(name: string, adds: Adds) => ({
  before({ log }: Opened) {
    log.push(name);
    return adds;
  },
});
const response = { statusCode: 204, body: '' };

describe('A chain', () => {
  it('runs its steps in order, and each sees what those before it added', async () => {
    const log: string[] = [];
    const run = open()
      .use(step('first', { one: 1 }))
      .use({ before: async ({ one }: { one: number }) => ({ two: one + 1 }) })
      .respond(({ one, two }: { one: number; two: number }) => ({ statusCode: 200, body: `${one} ${two}` }));
    expect(await run({ log }, {} as Context)).toEqual({ statusCode: 200, body: '1 2' });
    expect(log).toEqual(['first']);
  });

  it('ends with the response of the first step that returns one', async () => {
    const log: string[] = [];
    const run = open()
      .use(step('handshake', { answered: response }))
      .use(step('after', {}))
      .respond(() => ({ statusCode: 500, body: '' }));
    expect(await run({ log }, {} as Context)).toEqual(response);
    expect(log).toEqual(['handshake']);
  });

  it('calls onEnd once for every delivery, whether it ends early, throws or is stored', async () => {
    const ended: (number | undefined)[] = [];
    const run = openChain<Opened>({
      onError: (request) => {
        request.response = { statusCode: 500, body: '' };
      },
      onEnd: ({ response }) => void ended.push(response?.statusCode),
    })
      .use({
        before({ log }: Opened) {
          if (log[0] === 'throw') throw new Error('thrown by a test');
          return log[0] === 'early' ? { answered: response } : {};
        },
      })
      .respond(() => ({ statusCode: 200, body: '' }));
    for (const log of [['throw'], ['early'], ['stored']]) await run({ log }, {} as Context);
    expect(ended).toEqual([500, 204, 200]);
  });
});
