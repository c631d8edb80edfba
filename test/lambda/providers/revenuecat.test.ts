import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { toSigned } from '../../support/judged-requests.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf, sharedKeys, statusOf } from '../../support/provider-requests.ts';

const [, definition = ''] = /```json\n(.*?)```/s.exec(readFileSync('docs/providers/revenuecat.md', 'utf8')) ?? [];

describe("The custom source for RevenueCat's signatures in docs/providers/revenuecat.md", () => {
  const secret = 'a-signing-secret';
  const body = '{"api_version":"1.0","event":{"id":"e1","type":"RENEWAL","event_timestamp_ms":1772366400250}}';

  function open() {
    const inbox = providerInbox({
      provider: 'revenuecat',
      definition: JSON.parse(definition),
      keys: sharedKeys(secret),
    });
    const time = Math.floor(inbox.clock.now / 1000);
    const signature = `t=${time},v1=${createHmac('sha256', secret).update(`${time}.${body}`).digest('hex')}`;
    const headers = { 'content-type': 'application/json', 'x-revenuecat-webhook-signature': signature };
    return { inbox, send: (sent: string) => inbox.deliver(toSigned({ url: '', headers, body: sent })) };
  }

  it('accepts what is signed with the signing secret', async () => {
    const { inbox, send } = open();
    expect(await inboxStatusOf(send(body))).toBe('processed');
    expect(inbox.items).toMatchObject([{ event_id: 'e1', event_type: 'RENEWAL' }]);
  });

  it('rejects another body, and a signature of 301 s ago', async () => {
    const { inbox, send } = open();
    expect(await statusOf(send(`${body} `))).toBe(401);
    inbox.clock.now += 301_000;
    expect(await statusOf(send(body))).toBe(401);
  });
});
