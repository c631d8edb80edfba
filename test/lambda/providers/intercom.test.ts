import { describe, expect, it } from '@jest/globals';
import { intercom } from '../../../lambda/providers/intercom.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { bodiless, sharedKeys, statusOf } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const open = () => providerInbox({ provider: 'intercom', keys: sharedKeys('the-secret') });

describe('An Intercom source', () => {
  it('answers HEAD with 200, and GET with 404', async () => {
    expect(intercom().methods).toEqual(['POST', 'HEAD']);
    expect(await statusOf(open().deliver(bodiless('HEAD')))).toBe(200);
    expect(await statusOf(open().deliver(bodiless('GET')))).toBe(404);
  });

  it('takes a redelivery, whose body counts its attempts, for a duplicate', async () => {
    const { sample, variants = [] } = readVector('intercom');
    for (const request of [sample, ...variants]) {
      const inbox = open();
      await inbox.deliver(inbox.sign(request));
      const again = { ...request, body: request.body.replace('"delivery_attempts":1', '"delivery_attempts":2') };
      expect(again.body).not.toBe(request.body);
      expect(JSON.parse((await inbox.deliver(inbox.sign(again))).body).status).toBe('duplicate');
    }
  });
});
