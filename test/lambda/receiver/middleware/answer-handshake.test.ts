import { describe, expect, it } from '@jest/globals';
import type { Handshake } from '../../../../lambda/providers/handshake.ts';
import {
  answerSignedHandshake,
  answerUnsignedHandshake,
} from '../../../../lambda/receiver/middleware/answer-handshake.ts';
import { halfway, run } from '../../../support/middleware.ts';

const secret = { secret: { current: 'the-secret' } };
const secrets = { get: async () => secret, refresh: async () => secret };
const fetch = () => Promise.reject(new Error('no request is made here'));

/** The response to a delivery whose provider has this handshake; undefined where the chain goes on. */
async function responseTo(
  handshake: Handshake,
  step = answerSignedHandshake,
  kind: 'signed' | 'unsigned' = 'signed',
  more: { readonly signsChallenge?: true } = {},
) {
  const { source, ...rest } = halfway({ body: Buffer.from('the-body') });
  const provider = { ...source.provider, handshakes: { [kind]: handshake, ...more } };
  const delivery = { ...rest, source: { ...source, provider } };
  await run(step({ secrets, fetch }), delivery);
  return delivery.answered;
}

describe('A handshake', () => {
  it('is answered as the provider expects it, as plain text by default', async () => {
    const response = await responseTo(() => ({ status: 202, body: 'the-answer' }));
    const headers = {
      'Content-Type': 'text/plain',
      'X-Content-Type-Options': 'nosniff',
      'Inbox-Status': 'handshake',
    };
    expect(response).toEqual({ statusCode: 202, headers, body: 'the-answer' });
  });

  it.each([
    ['signed', answerSignedHandshake],
    ['unsigned', answerUnsignedHandshake],
  ] as const)(
    'gets the secret only if its provider declares that it signs challenges: a %s one',
    async (kind, step) => {
      const reveal: Handshake = ({ secret: body }) => ({ status: 200, body });
      expect((await responseTo(reveal, step, kind))?.body).toBe('');
      expect((await responseTo(reveal, step, kind, { signsChallenge: true }))?.body).toBe('the-secret');
    },
  );

  it('that the provider does not recognise is passed on to the next step', async () => {
    expect(await responseTo(() => undefined)).toBeUndefined();
    expect(await responseTo(() => ({ status: 200, body: '' }), answerUnsignedHandshake)).toBeUndefined();
  });

  it('gets the raw body, even if it is not signed', async () => {
    const echo: Handshake = ({ body, content }) => ({ status: 200, body: `${body} ${content}` });
    const response = await responseTo(echo, answerUnsignedHandshake, 'unsigned');
    expect(response?.body).toBe('the-body undefined');
  });

  it('that cannot be answered now is to be sent again, and is not reported as one', async () => {
    const refusal = { code: 'temporarily_unavailable', reason: 'handshake_unanswered' };
    await expect(responseTo(async () => 'unavailable' as const)).rejects.toMatchObject(refusal);
  });
});
