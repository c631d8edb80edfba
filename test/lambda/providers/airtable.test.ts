import { expect, it } from '@jest/globals';
import { providers } from '../../../lambda/providers/index.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { readVector } from '../../support/vectors.ts';

it('An Airtable source acknowledges with 204 and no body', async () => {
  const inbox = providerInbox({ provider: 'airtable', keys: providers.airtable().signature.generateKeys() });
  const { statusCode, body } = await inbox.deliver(inbox.sign(readVector('airtable').sample));
  expect([statusCode, body, inbox.items.length]).toEqual([204, '', 1]);
});
