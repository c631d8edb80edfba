import { describe, expect, it } from '@jest/globals';
import { providers } from '../../../../lambda/providers/index.ts';
import type { SignedRequest } from '../../../../lambda/signature/signed-request.ts';
import { customDefinitions, NOT_AS_DATA } from '../../../../samples/custom-definitions.ts';
import { fillIn } from '../../../../samples/sample.ts';
import { plainContext } from '../../../support/plain-request.ts';
import { NOW, type ProviderInbox, providerInbox } from '../../../support/provider-inbox.ts';
import { inboxStatusOf } from '../../../support/provider-requests.ts';
import { readVector, type VectorHandshake } from '../../../support/vectors.ts';

// Guards that the scheme of each built-in provider can be written as data. The provider itself is the judge: what it signs is
// accepted by the custom source, and what the custom source signs is accepted by the provider.

type Described = keyof typeof customDefinitions;
const names = Object.keys(customDefinitions) as Described[];

/** Definitions whose ids are hashes, or joined in another way than their provider's, or that read no type. */
const OTHER_IDS: readonly Described[] = [
  'calendly',
  'discord',
  'docusign',
  'dropbox',
  'hubspot',
  'meta',
  'netlify',
  'razorpay',
  'telegram',
  'woocommerce',
  'x',
  'zoom',
];

const withBody = (request: SignedRequest, body: Buffer): SignedRequest => ({ ...request, body });

const withHeader = (request: SignedRequest, name: string, values: readonly string[] | undefined): SignedRequest => {
  const headers = new Map(request.headers);
  if (values) headers.set(name, values);
  else headers.delete(name);
  return { ...request, headers };
};

async function expectRefused(inbox: ProviderInbox, request: SignedRequest): Promise<void> {
  const { statusCode, body } = await inbox.deliver(request);
  expect([statusCode, JSON.parse(body).code]).toEqual([401, 'invalid_signature']);
  expect([...inbox.items, ...inbox.quarantined]).toEqual([]);
}

it('Each provider is described as data, or listed as one that cannot be', () => {
  expect([...names, ...NOT_AS_DATA].toSorted()).toEqual(Object.keys(providers).toSorted());
});

describe.each(names)('A custom source with the scheme of %s', (name) => {
  const definition = customDefinitions[name];
  const vector = readVector(name);
  const keys = providers[name]().signature.generateKeys();
  const open = () => providerInbox({ provider: name, definition, keys });
  const builtIn = () => providerInbox({ provider: name, keys });
  const added = (signed: SignedRequest) =>
    [...signed.headers.keys()].filter((header) => !(header in vector.sample.headers));

  it('accepts what the provider signs, and stores its events', async () => {
    const inbox = open();
    expect(await inboxStatusOf(inbox.deliver(builtIn().sign(vector.sample)))).toBe('processed');
    if (OTHER_IDS.includes(name)) return;
    expect(inbox.items.map(({ id, event_type }) => [id, event_type])).toEqual(
      vector.sample.events.map(({ id, type }) => [`${name}#${fillIn(id, NOW)}`, type && fillIn(type, NOW)]),
    );
  });

  it('signs what the provider accepts', async () => {
    expect(await inboxStatusOf(builtIn().deliver(open().sign(vector.sample)))).toBe('processed');
  });

  it('refuses a signature with another secret', async () => {
    await expectRefused(open(), builtIn().sign(vector.sample, providers[name]().signature.generateKeys().signing));
  });

  it('refuses a header of the signature that is missing, sent twice or changed', async () => {
    const inbox = open();
    const signed = builtIn().sign(vector.sample);
    for (const header of added(signed)) {
      const [value = ''] = signed.headers.get(header) ?? [];
      await expectRefused(inbox, withHeader(signed, header, undefined));
      for (const others of [[value, value], [''], ['é☃'], [value.slice(1)], [`${value}\u0000`]]) {
        await expectRefused(inbox, withHeader(signed, header, others));
      }
    }
  });

  if (providers[name]().signature.bodyCoverage === 'bytes') {
    it('refuses a body with one byte changed', async () => {
      const inbox = open();
      const signed = builtIn().sign(vector.sample);
      for (const index of [0, Math.floor(signed.body.length / 2), signed.body.length - 1]) {
        const body = Buffer.from(signed.body);
        body[index] = (body[index] ?? 0) ^ 1;
        await expectRefused(inbox, withBody(signed, body));
      }
      await expectRefused(inbox, withBody(signed, Buffer.concat([signed.body, Buffer.from(' ')])));
    });
  }

  it('covers as much of the body, and of time, as the provider', () => {
    const { bodyCoverage, toleranceSeconds } = providers[name]().signature;
    const { signature } = open().provider;
    expect([signature.bodyCoverage, signature.toleranceSeconds]).toEqual([bodyCoverage, toleranceSeconds]);
  });

  const { toleranceSeconds } = providers[name]().signature;
  if (toleranceSeconds !== undefined) {
    it.each([
      ['stale', toleranceSeconds * 1000 + 1_000],
      ['from the future', -Math.min(toleranceSeconds * 1000, 300_000) - 1_000],
    ])('refuses a signed time that is %s', async (_, shift) => {
      const inbox = open();
      const signed = builtIn().sign(vector.sample);
      inbox.clock.now += shift;
      await expectRefused(inbox, signed);
    });
  }

  // A signing token of GitLab and a public key of Standard Webhooks choose another algorithm, and so another definition.
  const recorded = vector.recorded.filter(({ secret, settings }) => {
    return !secret.startsWith('whpk_') && !settings && !(name === 'gitlab' && secret.startsWith('whsec_'));
  });
  for (const { source, headers, body, url = '', query, clock, secret } of recorded) {
    it(`verifies a recorded request: ${source}`, async () => {
      const request = {
        method: 'POST',
        url,
        query: new URLSearchParams(query),
        headers: new Map(Object.entries(headers).map(([key, value]) => [key, [value]])),
        body: Buffer.from(body),
      };
      const context = { ...plainContext, now: Date.parse(clock), secret };
      expect(await open().provider.signature.verify(request, context)).toBe('valid');
    });
  }

  const { handshakes = [] } = definition;
  // Discord's ping of interactions differs from an event by a field that it lacks.
  const isDescribed = ({ name, method = 'POST' }: VectorHandshake) =>
    name !== 'the ping of interactions' && handshakes.some((each) => each.method === method);
  for (const handshake of vector.handshakes.filter(isDescribed)) {
    it(`answers the handshake: ${handshake.name}`, async () => {
      const { method = 'POST', query = '', headers = {}, body = '', signed, secret, answer } = handshake;
      const own = secret === undefined ? keys : { signing: secret, verification: secret };
      const inbox = providerInbox({ provider: name, definition, keys: own });
      const plain = {
        method,
        url: '',
        query: new URLSearchParams(query),
        headers: new Map(Object.entries(headers).map(([key, value]) => [key, [value]])),
        body: Buffer.from(fillIn(body, NOW)),
      };
      const request = signed ? { ...inbox.sign({ headers, body, events: [] }), method, query: plain.query } : plain;
      const result = await inbox.deliver(request);
      expect([result.statusCode, result.body]).toEqual([answer.status, answer.body]);
      expect(result.headers).toMatchObject({ 'Inbox-Status': 'handshake', ...answer.headers });
      if (signed) expect((await inbox.deliver(plain)).statusCode).toBe(401);
    });
  }
});
