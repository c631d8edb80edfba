import { describe, expect, it } from '@jest/globals';
import { paddle } from '../../../lambda/providers/paddle.ts';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { headerOf, statusOf } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

describe('A Paddle source', () => {
  it('accepts one right h1 signature among several, in any place, and no second time', async () => {
    const inbox = providerInbox({ provider: 'paddle', keys: paddle().signature.generateKeys() });
    const signed = inbox.sign(readVector('paddle').sample);
    const header = headerOf(signed, 'paddle-signature');
    const other = `h1=${'0'.repeat(64)}`;
    for (const value of [`${header};${other}`, header.replace(';', `;${other};`)]) {
      expect(await statusOf(inbox.deliver(withHeaders(signed, { 'paddle-signature': value })))).toBe(200);
    }
    expect(await statusOf(inbox.deliver(withHeaders(signed, { 'paddle-signature': `${header};ts=1` })))).toBe(401);
  });
});
