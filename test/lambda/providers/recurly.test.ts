import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { sharedKeys, statusOf } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

describe('A Recurly source', () => {
  const inbox = providerInbox({ provider: 'recurly', keys: sharedKeys('the-key') });
  const signed = inbox.sign(readVector('recurly').sample);
  const good = createHmac('sha256', 'the-key').update(`${NOW}.${signed.body}`).digest('hex');
  const other = '0'.repeat(64);

  it.each([
    [200, [NOW, good]],
    [200, [NOW, other, good]],
    [401, [NOW, other]],
    [401, [NOW]],
    [401, [NOW, '']],
    [401, ['', good]],
    [401, [good, NOW]],
    [401, [NOW - 1, good]],
    [401, [Math.floor(NOW / 1000), good]],
    [401, [NOW, ...Array.from({ length: 10 }, () => other), good]],
  ])('answers %i to a header with the time and signatures %j', async (status, parts) => {
    const request = withHeaders(signed, { 'recurly-signature': parts.join(',') });
    expect(await statusOf(inbox.deliver(request))).toBe(status);
  });
});
