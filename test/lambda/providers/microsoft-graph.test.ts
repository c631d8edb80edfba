import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { providerInbox } from '../../support/provider-inbox.ts';
import { bodiless, sharedKeys } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const open = () => providerInbox({ provider: 'microsoft-graph', keys: sharedKeys('the-secret') });

describe('A Microsoft Graph source', () => {
  it('stores no secret', async () => {
    const inbox = open();
    await inbox.deliver(inbox.sign(readVector('microsoft-graph').sample));
    expect(inbox.items).toHaveLength(2);
    for (const { data, payload } of inbox.items) {
      const text = typeof payload === 'string' ? payload : gunzipSync(payload).toString();
      expect(JSON.parse(text).subscriptionId).toBe(data.subscription_id);
      expect(text).not.toContain('the-secret');
    }
  });

  it.each([
    ['with markup', '<script>alert(1)</script>'],
    ['that is empty', ''],
    ['of 1,025 characters', 'a'.repeat(1025)],
    ['in JSON', '{"a":1}'],
  ])('does not echo a validation token %s', async (_, validationToken) => {
    const headers = new Map([['content-type', ['application/json']]]);
    const { statusCode, body } = await open().deliver({ ...bodiless('POST', { validationToken }), headers });
    expect(statusCode).toBe(401);
    expect(body).not.toContain(validationToken || 'the-secret');
  });
});
