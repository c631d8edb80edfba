import { describe, expect, it } from '@jest/globals';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { bodiless, sharedKeys, statusOf } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const open = () => providerInbox({ provider: 'okta', keys: sharedKeys('the-secret') });

describe('An Okta source', () => {
  it.each([
    ['with markup', '<b>'],
    ['of 257 characters', 'a'.repeat(257)],
    ['that is empty', ''],
  ])('does not echo a challenge %s', async (_, challenge) => {
    const headers = { authorization: 'the-secret', 'x-okta-verification-challenge': challenge };
    expect(await statusOf(open().deliver(withHeaders(bodiless('GET'), headers)))).toBe(422);
  });

  it.each(['the-secre', 'the-secret ', 'Bearer the-secret', 'THE-SECRET'])(
    'rejects the Authorization header %j, where its secret is "the-secret"',
    async (authorization) => {
      const inbox = open();
      const signed = inbox.sign(readVector('okta').sample);
      expect(await statusOf(inbox.deliver(withHeaders(signed, { authorization })))).toBe(401);
    },
  );
});
