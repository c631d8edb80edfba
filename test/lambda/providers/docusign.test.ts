import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { providerInbox } from '../../support/provider-inbox.ts';
import { sharedKeys, statusOf } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const SECRET = 'a-secret';
const hmacOf = (body: string | Buffer) => createHmac('sha256', SECRET).update(body).digest('base64');

describe('A DocuSign source, sent one signature per active key,', () => {
  const deliver = async (signatures: Record<string, string[]>) => {
    const inbox = providerInbox({ provider: 'docusign', keys: sharedKeys(SECRET) });
    const signed = inbox.sign(readVector('docusign').sample);
    const headers = new Map([...signed.headers].filter(([name]) => !name.startsWith('x-docusign-signature-')));
    for (const [name, values] of Object.entries(signatures)) {
      const filled = values.map((value) => (value === 'good' ? hmacOf(signed.body) : value));
      headers.set(`x-docusign-signature-${name}`, filled);
    }
    return statusOf(inbox.deliver({ ...signed, headers }));
  };
  const other = hmacOf('another body');

  it.each([
    ['the first is right', 200, { 1: ['good'], 2: [other] }],
    ['the last is right', 200, { 1: [other], 2: ['good'] }],
    ['the hundredth is right', 200, { 100: ['good'] }],
    ['none is right', 401, { 1: [other], 2: [other] }],
    ['one is right, but another came twice', 401, { 1: ['good'], 2: [other, other] }],
    ['one is right, but under another name', 401, { x: ['good'] }],
  ])('where %s, answers %i', async (_, status, signatures) => {
    expect(await deliver(signatures)).toBe(status);
  });
});
