import { describe, expect, it } from '@jest/globals';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf, sharedKeys, statusOf, unsigned } from '../../support/provider-requests.ts';

const open = () => providerInbox({ provider: 'typeform', keys: sharedKeys('a-secret') });
const response = (times: object) =>
  unsigned({ event_id: 'e1', event_type: 'form_response', form_response: { form_id: 'f1', token: 't1', ...times } });

describe('A Typeform source', () => {
  it("acknowledges the sample of Typeform's documentation, and keeps it in quarantine", async () => {
    const inbox = open();
    const times = { landed_at: '2018-01-18T18:07:02Z', submitted_at: '2018-01-18T18:17:02Z' };
    const signed = inbox.sign(response(times));
    expect(await statusOf(inbox.deliver(signed))).toBe(200);
    expect(await inboxStatusOf(inbox.deliver(signed))).toBe('quarantined');
    expect(inbox.quarantined).toMatchObject([{ reason: 'outside_retention', event_id: 'e1' }]);
    expect(inbox.items).toEqual([]);
  });

  it('reads the time at which the respondent came if the response is not submitted', async () => {
    const inbox = open();
    const landedAt = new Date(NOW - 60_000).toISOString();
    await inbox.deliver(inbox.sign(response({ landed_at: landedAt, submitted_at: null })));
    expect(inbox.items).toMatchObject([{ occurred_at: landedAt, data: { form_id: 'f1', response_token: 't1' } }]);
  });
});
