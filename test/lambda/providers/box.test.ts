import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { sharedKeys, statusOf } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const PRIMARY = 'box-signature-primary';
const SECONDARY = 'box-signature-secondary';
const TIME = 'box-delivery-timestamp';

function open() {
  const inbox = providerInbox({ provider: 'box', keys: sharedKeys('the-key') });
  const signed = inbox.sign(readVector('box').sample);
  const signature = (key: string, time: string) =>
    createHmac('sha256', key).update(signed.body).update(time).digest('base64');
  return { ...inbox, signed, signature };
}

describe('A Box source, whose secret is one of the two keys of the app,', () => {
  const good = 'the-key';
  const other = 'another-key';
  it.each([
    ['primary', 200, { [PRIMARY]: good, [SECONDARY]: other }],
    ['secondary', 200, { [PRIMARY]: other, [SECONDARY]: good }],
    ['secondary, and there is no other', 200, { [SECONDARY]: good }],
    ['none', 401, { [PRIMARY]: other, [SECONDARY]: other }],
  ])('where it is the %s one, answers %i', async (_, status, keys: Record<string, string>) => {
    const { deliver, signed, signature } = open();
    const time = '2026-03-01T04:00:00-08:00';
    const headers = new Map([...signed.headers].filter(([name]) => name !== PRIMARY)).set(TIME, [time]);
    for (const [name, key] of Object.entries(keys)) headers.set(name, [signature(key, time)]);
    expect(await statusOf(deliver({ ...signed, headers }))).toBe(status);
  });

  it.each(['1772366400', '2026-03-01', '2026-03-01T12:00:00', 'Sun, 01 Mar 2026 12:00:00 GMT', ''])(
    'refuses a signed time that is written as %j',
    async (time) => {
      const { deliver, signed, signature } = open();
      const request = withHeaders(signed, { [TIME]: time, [PRIMARY]: signature(good, time) });
      expect(await statusOf(deliver(request))).toBe(401);
    },
  );
});
