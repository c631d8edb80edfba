import { describe, expect, it } from '@jest/globals';
import { notion } from '../../../lambda/providers/notion.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { bodiless, inboxStatusOf, sharedKeys, unsigned } from '../../support/provider-requests.ts';

const SECRET = 'secret_tMrlL1qK5vuQAh1b6cZGhFChZTSYJlce98V0pYn7yBl';
const TOKEN = JSON.stringify({ verification_token: SECRET });

const read = (body: string, method = 'POST') =>
  notion().handshakes?.handOut?.read({ ...bodiless(method), body: Buffer.from(body), settings: {} });

describe("Notion's request after a subscription was created", () => {
  it('hands out a secret, which the response does not repeat', () => {
    const handedOut = { secret: SECRET, response: { status: 200, body: '' } };
    expect(read(TOKEN)).toEqual(handedOut);
    expect(read(TOKEN.padEnd(1_024))).toEqual(handedOut);
  });

  it('is not a GET', () => {
    expect(read(TOKEN, 'GET')).toBeUndefined();
  });

  it.each([
    ['of 1,025 bytes', TOKEN.padEnd(1_025)],
    ['with another field', JSON.stringify({ verification_token: SECRET, id: 'a' })],
    ['with a token of another type', JSON.stringify({ verification_token: [SECRET] })],
    ['with a token of another form', JSON.stringify({ verification_token: `${SECRET}:` })],
    ['without a token', '{}'],
    ['that is a list', JSON.stringify([SECRET])],
    ['that is no JSON', '{'],
    ['that is empty', ''],
  ])('has no body %s', (_, body) => {
    expect(read(body)).toBeUndefined();
  });
});

describe('A Notion source', () => {
  it('takes the second attempt for the same event, although its body has the number of the attempt', async () => {
    const inbox = providerInbox({ provider: 'notion', keys: sharedKeys(SECRET) });
    const attempt = (attempt_number: number) => inbox.sign(unsigned({ id: 'a', type: 'page.created', attempt_number }));
    expect(await inboxStatusOf(inbox.deliver(attempt(1)))).toBe('processed');
    expect(await inboxStatusOf(inbox.deliver(attempt(2)))).toBe('duplicate');
  });
});
