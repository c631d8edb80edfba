import { describe, expect, it } from '@jest/globals';
import type { Handshake } from '../../../../lambda/providers/handshake.ts';
import {
  answerSignedHandshake,
  answerUnsignedHandshake,
} from '../../../../lambda/receiver/middleware/answer-handshake.ts';
import { halfway, run } from '../../../support/middleware.ts';

const secret = { secret: { current: 'the-secret' } };
const secrets = { get: async () => secret, refresh: async () => undefined };
const fetch = () => Promise.reject(new Error('no request is made here'));

/** The response to a delivery whose provider has this handshake; undefined where the chain goes on. */
async function responseTo(handshake: Handshake, step = answerSignedHandshake) {
  const { source, ...rest } = halfway();
  const provider = { ...source.provider, handshakes: { signed: handshake } };
  const delivery = { ...rest, source: { ...source, provider } };
  await run(step({ secrets, fetch }), delivery);
  return delivery.answered;
}

describe('a handshake', () => {
  it('is answered as the provider expects it, and reported as one', async () => {
    const response = await responseTo(({ secret: body }) => ({ status: 202, body }));
    const headers = {
      'Content-Type': 'text/plain',
      'X-Content-Type-Options': 'nosniff',
      'Inbox-Status': 'handshake',
    };
    expect(response).toEqual({ statusCode: 202, headers, body: 'the-secret' });
  });

  it('that is none goes on down the chain', async () => {
    expect(await responseTo(() => undefined)).toBeUndefined();
    expect(await responseTo(() => ({ status: 200, body: '' }), answerUnsignedHandshake)).toBeUndefined();
  });

  it('that cannot be answered now is to be sent again, and is not reported as one', async () => {
    const refusal = { code: 'temporarily_unavailable', reason: 'handshake_unanswered' };
    await expect(responseTo(async () => 'unavailable' as const)).rejects.toMatchObject(refusal);
  });
});
