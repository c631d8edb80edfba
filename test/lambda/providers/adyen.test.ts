import { describe, expect, it } from '@jest/globals';
import { providers } from '../../../lambda/providers/index.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { unsigned } from '../../support/provider-requests.ts';

const ITEM = {
  pspReference: 'QFQTPCQ8HXSKGK82',
  merchantAccountCode: '7',
  merchantReference: 'order-7',
  amount: { value: 1130, currency: 'EUR' },
  eventCode: 'AUTHORISATION',
  success: 'true',
};

describe('An Adyen source', () => {
  it.each([
    ['"success":"true"', '"success":true'],
    ['"merchantAccountCode":"7"', '"merchantAccountCode":7'],
  ])('processes a captured item once, also with %s sent as %s', async (written, rewritten) => {
    const inbox = providerInbox({ provider: 'adyen', keys: providers.adyen().signature.generateKeys() });
    const signed = inbox.sign(unsigned({ notificationItems: [{ NotificationRequestItem: ITEM }] }));
    const body = Buffer.from(signed.body.toString().replace(written, rewritten));
    expect(body).not.toEqual(signed.body);
    await inbox.deliver(signed);
    await inbox.deliver({ ...signed, body });
    expect(inbox.items.map(({ event_id, data }) => [event_id, data.success, data.merchant_account])).toEqual([
      ['7:QFQTPCQ8HXSKGK82:AUTHORISATION:true', 'true', '7'],
    ]);
    expect(inbox.quarantined).toEqual([]);
  });
});
