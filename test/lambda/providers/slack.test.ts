import { describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { slack } from '../../../lambda/providers/slack.ts';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { bodiless, statusOf, unsigned } from '../../support/provider-requests.ts';
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

  const statusIn = async (answer: Promise<APIGatewayProxyResult>) => (await answer).headers?.['Inbox-Status'];
  const form = (fields: Record<string, string>) => ({
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams(fields).toString(),
    events: [],
  });

  it('quarantines an event without its id, and stores one whose users and channels are objects', async () => {
    const inbox = open();
    const content = { type: 'event_callback', event_time: NOW / 1000 - 0.25, event: { type: 'user_change', user: {} } };
    expect(await statusIn(inbox.deliver(inbox.sign(unsigned(content))))).toBe('quarantined');
    expect(inbox.quarantined).toMatchObject([{ reason: 'no_event_id' }]);
    expect(await statusIn(inbox.deliver(inbox.sign(unsigned({ ...content, event_id: 'Ev1' }))))).toBe('processed');
  });

  it.each([
    ['a JSON array', unsigned([{ type: 'event_callback', event_id: 'Ev1' }])],
    ['a JSON object that says nothing', unsigned({})],
    ['a form without payload and command', form({ ref: 'main' })],
  ])('quarantines what is not an event: %s', async (_, request) => {
    const inbox = open();
    expect(await statusIn(inbox.deliver(inbox.sign(request)))).toBe('quarantined');
    expect(inbox.items).toEqual([]);
  });

  it('stores two closed views that report themselves in the same words, and answers nothing to show', async () => {
    const inbox = open();
    const closed = form({ payload: JSON.stringify({ type: 'view_closed', view: { id: 'V1' }, team: { id: 'T1' } }) });
    const first = await inbox.deliver(inbox.sign(closed));
    expect([first.statusCode, first.body, first.headers?.['Inbox-Status']]).toEqual([200, '', 'processed']);
    inbox.clock.now += 1_000;
    expect(await statusIn(inbox.deliver(inbox.sign(closed)))).toBe('processed');
    expect(inbox.items).toHaveLength(2);
  });

  it('answers a command with an empty body, which Slack shows as no reply', async () => {
    const inbox = open();
    const command = form({ command: '/deploy', text: 'now', trigger_id: '1.2.abc', team_id: 'T1' });
    const { statusCode, body } = await inbox.deliver(inbox.sign(command));
    expect([statusCode, body]).toEqual([200, '']);
    expect(inbox.items).toMatchObject([{ event_id: '1.2.abc', event_type: '/deploy' }]);
  });
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
