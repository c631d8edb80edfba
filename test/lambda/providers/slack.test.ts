import { describe, expect, it } from '@jest/globals';
import { verifySlackRequest } from '@slack/bolt';
import { slack } from '../../../lambda/providers/slack.ts';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { bodiless, headerOf, statusOf, unsigned } from '../../support/provider-requests.ts';
import { describeSdk } from '../../support/sdk.ts';
import { readVector } from '../../support/vectors.ts';

const open = () => providerInbox({ provider: 'slack', keys: slack().signature.generateKeys() });

describe('A Slack source', () => {
  it('rejects a future time, and a handshake that is not signed', async () => {
    const inbox = open();
    const signed = inbox.sign(readVector('slack').sample);
    inbox.clock.now -= 302_000;
    expect(await statusOf(inbox.deliver(signed))).toBe(401);
    const handshake = inbox.sign(unsigned({ type: 'url_verification', challenge: 'abc' }));
    expect(await statusOf(inbox.deliver(withHeaders(handshake, { 'x-slack-signature': 'v0=00' })))).toBe(401);
    expect((await inbox.deliver(handshake)).body).toBe('{"challenge":"abc"}');
  });

  it('echoes no challenge that a browser could take for more than text', async () => {
    const inbox = open();
    const challenge = '<script>alert(1)</script>';
    const { body } = await inbox.deliver(inbox.sign(unsigned({ type: 'url_verification', challenge })));
    expect(body).not.toContain('script');
  });

  it('rejects an event without its id, and accepts users and channels that are objects', async () => {
    const inbox = open();
    const content = { type: 'event_callback', event_time: NOW / 1000 - 0.25, event: { type: 'user_change', user: {} } };
    expect(await statusOf(inbox.deliver(inbox.sign(unsigned(content))))).toBe(422);
    expect(await statusOf(inbox.deliver(inbox.sign(unsigned({ ...content, event_id: 'Ev1' }))))).toBe(200);
  });
});

describeSdk('A Slack event', {
  provider: 'slack',
  verify(request, signingSecret) {
    const headers = {
      'x-slack-signature': headerOf(request, 'x-slack-signature'),
      'x-slack-request-timestamp': Number(headerOf(request, 'x-slack-request-timestamp')),
    };
    verifySlackRequest({ signingSecret, body: `${request.body}`, headers });
  },
});

describe("Slack's check of a command's certificate", () => {
  const FORM = 'application/x-www-form-urlencoded';

  async function answerTo(body: string, type = FORM) {
    const inbox = open();
    const headers = new Map([['content-type', [type]]]);
    const answer = await inbox.deliver({ ...bodiless('POST'), headers, body: Buffer.from(body) });
    expect([...inbox.items, ...inbox.quarantined]).toEqual([]);
    return answer;
  }

  it.each([
    ['ssl_check=1&token=xxx', FORM],
    ['token=xxx&ssl_check=1', `${FORM}; charset=utf-8`],
    ['ssl_check=1', FORM],
  ])('is answered without a signature, and not stored: %s as %s', async (body, type) => {
    expect(await answerTo(body, type)).toMatchObject({ statusCode: 200, body: '' });
  });

  it.each([
    ['ssl_check=0&token=xxx', FORM],
    ['ssl_check=true', FORM],
    ['ssl_check=1&ssl_check=1', FORM],
    ['ssl_check=1&token=a&token=b', FORM],
    ['ssl_check=1&token=xxx&command=%2Fdeploy', FORM],
    ['ssl_check=1&payload={"type":"event_callback"}', FORM],
    ['token=xxx', FORM],
    ['', FORM],
    [`ssl_check=1&token=${'x'.repeat(1007)}`, FORM],
    ['ssl_check=1', 'application/json'],
    ['ssl_check=1', `${FORM}ed`],
  ])('is nothing else, which needs a signature: %s as %s', async (body, type) => {
    expect((await answerTo(body, type)).statusCode).toBeGreaterThanOrEqual(400);
  });

  it('may have a body of 1 KiB', async () => {
    const body = `ssl_check=1&token=${'x'.repeat(1006)}`;
    expect(body).toHaveLength(1024);
    expect(await answerTo(body)).toMatchObject({ statusCode: 200 });
  });
});
