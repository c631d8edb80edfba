import { describe, expect, it } from '@jest/globals';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { sharedKeys } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const { sample } = readVector('zendesk');

describe('A Zendesk source', () => {
  it("answers 503 where its secret is the public one of Zendesk's documentation", async () => {
    const inbox = providerInbox({
      provider: 'zendesk',
      keys: sharedKeys('dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=='),
    });
    expect((await inbox.deliver(inbox.sign(sample))).statusCode).toBe(503);
    expect(inbox.reports[0]?.reason).toBe('unusable_secret');
  });

  it('identifies an event by the id that is signed, whatever the header says', async () => {
    const inbox = providerInbox({ provider: 'zendesk', keys: sharedKeys('a-secret') });
    const signed = inbox.sign(sample);
    await inbox.deliver(signed);
    const again = withHeaders(signed, { 'x-zendesk-webhook-invocation-id': 'another' });
    expect(JSON.parse((await inbox.deliver(again)).body).status).toBe('duplicate');
  });
});
