import { describe, expect, it } from '@jest/globals';
import { providers } from '../../../lambda/providers/index.ts';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf, sharedKeys, statusOf } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

/** A token that jose 6.2.18 signed, valid from 12:00 to 13:00, and its key as jose exports it. */
const TOKEN =
  'eyJhbGciOiJSUzI1NiIsImtpZCI6IjdkNjgwZDhjNzBkNDRlOTQ3MTMzY2JkNDk5ZWJjMWE2MWMzZDVhYmMiLCJ0eXAiOiJKV1QifQ.eyJhenAiOiIxMTM3NzQyNjQ0NjMwMzgzMjE5NjQiLCJlbWFpbCI6InB1YnN1Yi1wdXNoQGhhcmJvci1ib29rcy5pYW0uZ3NlcnZpY2VhY2NvdW50LmNvbSIsImVtYWlsX3ZlcmlmaWVkIjp0cnVlLCJzdWIiOiIxMTM3NzQyNjQ0NjMwMzgzMjE5NjQiLCJpc3MiOiJodHRwczovL2FjY291bnRzLmdvb2dsZS5jb20iLCJhdWQiOiJodHRwczovL2hvb2tzLmV4YW1wbGUuY29tL3dlYmhvb2tzL2dvb2dsZS1wdWJzdWIiLCJpYXQiOjE3NzIzNjY0MDAsImV4cCI6MTc3MjM3MDAwMH0.gD_gmTQgK9Sa7zIo69hQhawLA7eYnAWJS9m3ItXW_PlOU-UsOq-0x6J7QMv3JAW5Tnqohk5Fc2Ny7fnUpbj92L_NE_JhV1j3OkG0KyuhtvFuzHi08b2C5pmOJdBddMGUERIoahXrx5xicFXtyUuc_oEtDnbt2-k-c4AgQ1Br36ajtVRpNUpm83xTdaSPecxIxSM9plW1WQkHOkStgnt4KujM4OGW93AuKbquT3hGP5Nw2jN8uNEmdMn4DI5tRhRjaLOxfPRzRR6ZWZZRABHCFtGZ7QoD8xflKxNEMMT4fgXCxNpFW-JEEwIeR4LJ9Fh63PUU5GFgOoiJmE6tiNWI1w';
const JWK = {
  kty: 'RSA',
  alg: 'RS256',
  use: 'sig',
  kid: '7d680d8c70d44e947133cbd499ebc1a61c3d5abc',
  e: 'AQAB',
  n: 'vlkFCdH05EjScLPzuNUOzxG0wGawbnbe0qLdwl8yQX75oKIZDC4OBzXh5lwWeook2mfRz34iXcCcYRZUfvoz1crEhsi0bXgMABlF_c-zTqVsFCPCdmLVcV-X9Kx_1hB1zxQNEvJmKHPbPQuFx62AB0bYt6wIii66joDkabrYMbisyvbo4PGVigq_OhLqhDnefp4Jn6w9KkttY_i-UOXdD3n0exyaIwhIKNfHQj0qxuQrpyniBuRgdB4JRCp5VWA6gSx_mNuELa3JxojzG0ZtRanS9mFqZ1Y9Gj7HHZcCJRY4Tuu93ZdG8ZPYSMtdDTC0WAYZowh9_g3iHPPWHQdPWw',
};

const SETTINGS = {
  serviceAccount: 'pubsub-push@harbor-books.iam.gserviceaccount.com',
  audience: 'https://hooks.example.com/webhooks/google-pubsub',
};

const { sample } = readVector('google-pubsub');

/** Its signature is replaced. */
const SIGNING = providers['google-pubsub']().signature.generateKeys().signing;

/** An inbox for which Google publishes its key, or fails. */
function open(settings: Partial<typeof SETTINGS> = {}) {
  const google = { isUp: true, requests: [] as string[] };
  const inbox = providerInbox({
    provider: 'google-pubsub',
    keys: sharedKeys(''),
    settings: { ...SETTINGS, ...settings },
    fetch: async ({ href }) => {
      google.requests.push(href);
      return google.isUp ? new Response(JSON.stringify({ keys: [JWK] })) : new Response('', { status: 503 });
    },
  });
  const signed = withHeaders(inbox.sign(sample, SIGNING), { authorization: `Bearer ${TOKEN}` });
  return { inbox, google, deliver: () => inbox.deliver(signed) };
}

describe('A Google Pub/Sub source', () => {
  it("accepts a token of Google's key, which it fetches once, from Google's URL", async () => {
    const { google, deliver } = open();
    expect(await inboxStatusOf(deliver())).toBe('processed');
    expect(await inboxStatusOf(deliver())).toBe('duplicate');
    expect(google.requests).toEqual(['https://www.googleapis.com/oauth2/v3/certs']);
  });

  it('rejects a token for another audience, or of another service account', async () => {
    expect(await statusOf(open({ audience: 'https://hooks.example.com/' }).deliver())).toBe(401);
    expect(await statusOf(open({ serviceAccount: 'other@harbor-books.iam.gserviceaccount.com' }).deliver())).toBe(401);
  });

  it('rejects a token that has expired', async () => {
    const { inbox, deliver } = open();
    inbox.clock.now = NOW + 3_600_000 + 5_000;
    expect(await statusOf(deliver())).toBe(401);
  });

  it("answers 503 while Google's keys cannot be fetched, and accepts tokens again afterwards", async () => {
    const { inbox, google, deliver } = open();
    google.isUp = false;
    expect(await statusOf(deliver())).toBe(503);
    expect(inbox.reports[0]).toMatchObject({ reason: 'certificate_unavailable' });
    google.isUp = true;
    inbox.clock.now += 2_000;
    expect(await inboxStatusOf(deliver())).toBe('processed');
  });

  it("accepts tokens of known keys while Google's keys cannot be fetched", async () => {
    const { inbox, google, deliver } = open();
    await deliver();
    google.isUp = false;
    inbox.clock.now += 3_590_000;
    expect(await inboxStatusOf(deliver())).toBe('duplicate');
  });
});
