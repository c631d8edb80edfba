import { describe, expect, it } from '@jest/globals';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { sharedKeys } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const { sample } = readVector('zoom');
const open = () => providerInbox({ provider: 'zoom', keys: sharedKeys('the-secret') });

describe('A Zoom source', () => {
  const validation = (plainToken: unknown) => ({
    ...sample,
    body: JSON.stringify({ event: 'endpoint.url_validation', payload: { plainToken }, event_ts: NOW }),
  });

  it.each([
    ['what webhooks are signed over', `v0:${Math.floor(NOW / 1000)}:{"event":"user.created"}`],
    ['a text of 65 characters', 'a'.repeat(65)],
    ['an empty text', ''],
    ['a number', 7],
  ])('encrypts no validation token that is %s', async (_, plainToken) => {
    const inbox = open();
    const { body } = await inbox.deliver(inbox.sign(validation(plainToken)));
    expect(body).not.toContain('encryptedToken');
  });

  it('encrypts no validation token of a request that is not signed', async () => {
    const inbox = open();
    const { statusCode, body } = await inbox.deliver(inbox.sign(validation('abc'), 'another-secret'));
    expect([statusCode, JSON.parse(body).code]).toEqual([401, 'invalid_signature']);
  });

  const recordingWith = (token: string, file = 'one') => ({
    ...sample,
    body: JSON.stringify({
      event: 'recording.completed',
      event_ts: NOW,
      payload: { object: { uuid: '4444AAAiAAAAAiAiAiiAii==', recording_files: [{ id: file }] } },
      download_token: token,
    }),
  });

  it('takes a recording for a duplicate, though its download token is another', async () => {
    const inbox = open();
    await inbox.deliver(inbox.sign(recordingWith('x')));
    expect(JSON.parse((await inbox.deliver(inbox.sign(recordingWith('y')))).body).status).toBe('duplicate');
  });

  it('stores both recordings of one meeting that were completed in one millisecond', async () => {
    const inbox = open();
    await inbox.deliver(inbox.sign(recordingWith('x', 'one')));
    expect(JSON.parse((await inbox.deliver(inbox.sign(recordingWith('x', 'two')))).body).status).toBe('processed');
  });
});
