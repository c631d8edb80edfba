import { describe, expect, it } from '@jest/globals';
import type { Handshake } from '../../../../lambda/providers/handshake.ts';
import { answerHandshake } from '../../../../lambda/receiver/middleware/answer-handshake.ts';
import { halfway, run } from '../../../support/middleware.ts';

const secret = { secret: { current: 'the-secret' } };
const secrets = { get: async () => secret, refresh: async () => undefined };
const fetch = () => Promise.reject(new Error('no request is made here'));

/** A delivery to a provider with this handshake, and the response. */
async function handshakeWith(handshake: Handshake, kind: 'signed' | 'unsigned' = 'signed') {
  const { source, ...rest } = halfway();
  const provider = { ...source.provider, handshakes: { signed: handshake } };
  const delivery = { ...rest, source: { ...source, provider } };
  const answer = await run(answerHandshake(kind, secrets, fetch), delivery);
  return { answer, handshake: delivery.isHandshake };
}

describe('a handshake', () => {
  it('is answered as the provider expects it, and reported as one', async () => {
    const { answer, handshake } = await handshakeWith(({ secret: body }) => ({ status: 202, body }));
    const headers = { 'Content-Type': 'text/plain', 'X-Content-Type-Options': 'nosniff' };
    expect(answer).toEqual({ statusCode: 202, headers, body: 'the-secret' });
    expect(handshake).toBe(true);
  });

  it('that is none goes on down the chain', async () => {
    expect(await handshakeWith(() => undefined)).toEqual({ answer: undefined, handshake: undefined });
    const other = await handshakeWith(() => ({ status: 200, body: '' }), 'unsigned');
    expect(other).toEqual({ answer: undefined, handshake: undefined });
  });

  it('that cannot be answered now is to be sent again, and is not reported as one', async () => {
    const refusal = { code: 'temporarily_unavailable', reason: 'handshake_unanswered' };
    await expect(handshakeWith(async () => 'unavailable' as const)).rejects.toMatchObject(refusal);
  });
});
