import { describe, expect, it } from '@jest/globals';
import type { Greeting } from '../../../../lambda/providers/handshake.ts';
import { answerGreeting } from '../../../../lambda/receiver/middleware/answer-handshake.ts';
import { halfway, run } from '../../../support/middleware.ts';

const secret = { secret: { current: 'the-secret' } };
const secrets = { get: async () => secret, refresh: async () => undefined };
const fetch = () => Promise.reject(new Error('no request is made here'));

/** A delivery to a provider that greets like this, and what came of it. */
async function greetedBy(greeting: Greeting, kind: 'signed' | 'unsigned' = 'signed') {
  const { source, ...rest } = halfway();
  const provider = { ...source.provider, greetings: { signed: greeting } };
  const delivery = { ...rest, source: { ...source, provider } };
  const answer = await run(answerGreeting(kind, secrets, fetch), delivery);
  return { answer, greeted: delivery.greeted };
}

describe('a greeting', () => {
  it('is answered as the provider expects it, and reported as one', async () => {
    const { answer, greeted } = await greetedBy(({ secret: body }) => ({ status: 202, body }));
    const headers = { 'Content-Type': 'text/plain', 'X-Content-Type-Options': 'nosniff' };
    expect(answer).toEqual({ statusCode: 202, headers, body: 'the-secret' });
    expect(greeted).toBe(true);
  });

  it('that is none goes on down the chain', async () => {
    expect(await greetedBy(() => undefined)).toEqual({ answer: undefined, greeted: undefined });
    const other = await greetedBy(() => ({ status: 200, body: '' }), 'unsigned');
    expect(other).toEqual({ answer: undefined, greeted: undefined });
  });

  it('that cannot be answered now is to be sent again, and is not reported as one', async () => {
    const refusal = { code: 'temporarily_unavailable', reason: 'greeting_unanswered' };
    await expect(greetedBy(async () => 'unavailable' as const)).rejects.toMatchObject(refusal);
  });
});
