import { describe, expect, it } from '@jest/globals';
import { standardWebhooksSignature } from '../../../lambda/signature/standard-webhooks.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { headerOf, statusOf } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const keys = standardWebhooksSignature(['webhook']).generateKeys();

describe('A Svix source', () => {
  const { sample, variants = [] } = readVector('svix');
  const open = () => providerInbox({ provider: 'svix', keys });

  it('never mixes the headers of Svix with those of Standard Webhooks', async () => {
    const inbox = open();
    const signed = inbox.sign(sample);
    const foreign = inbox.sign({ ...sample, headers: { ...variants[0]?.headers } });
    const both = { ...signed, headers: new Map([...foreign.headers, ...signed.headers]) };
    for (const part of ['id', 'timestamp', 'signature']) {
      const mixed = new Map(both.headers);
      mixed.delete(`svix-${part}`);
      expect(await statusOf(inbox.deliver({ ...both, headers: mixed }))).toBe(401);
    }
    expect(JSON.parse((await inbox.deliver(both)).body).event_id).toBe(headerOf(signed, 'svix-id'));
  });

  it('accepts a header of Svix that a Standard Webhooks source rejects', async () => {
    const other = providerInbox({ provider: 'standard-webhooks', keys });
    expect(await statusOf(other.deliver(open().sign(sample)))).toBe(401);
  });
});
