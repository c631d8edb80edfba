import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { EventItem } from '../../../lambda/events/event-item.ts';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import type { SignedRequest } from '../../../lambda/signature/signed-request.ts';
import { fillIn } from '../../../samples/sample.ts';
import { NOW, type ProviderInbox, providerInbox } from '../../support/provider-inbox.ts';
import { readVector, type VectorRequest } from '../../support/vectors.ts';

const names = Object.keys(providers) as ProviderName[];
const keysOf = (name: ProviderName) => providers[name]().signature.generateKeys();

const withBody = (request: SignedRequest, body: Buffer): SignedRequest => ({ ...request, body });
const withHeader = (request: SignedRequest, name: string, values: string[]): SignedRequest => ({
  ...request,
  headers: new Map(request.headers).set(name, values),
});
const without = (request: SignedRequest, name: string): SignedRequest => ({
  ...request,
  headers: new Map([...request.headers].filter(([each]) => each !== name)),
});

/** The headers that signing added: what carries the signature. */
function signatureHeaders(vector: VectorRequest, signed: SignedRequest): string[] {
  return [...signed.headers.keys()].filter((name) => !(name in vector.headers));
}

async function expectRefused(inbox: ProviderInbox, request: SignedRequest): Promise<void> {
  const { statusCode, body } = await inbox.deliver(request);
  expect([statusCode, JSON.parse(body).code]).toEqual([401, 'invalid_signature']);
  expect(inbox.items).toEqual([]);
}

function payloadOf({ payload }: EventItem): string {
  return typeof payload === 'string' ? payload : gunzipSync(payload).toString();
}

function expectEvents(items: readonly EventItem[], source: string, { events }: VectorRequest, now = NOW): void {
  const expected = events.map(({ id, type, occurredAt }) => [
    `${source}#${fillIn(id, now)}`,
    type === undefined ? undefined : fillIn(type, now),
    occurredAt === undefined ? undefined : new Date(fillIn(occurredAt, now)).toISOString(),
  ]);
  expect(items.map((item) => [item.id, item.event_type, item.occurred_at])).toEqual(expected);
  for (const [index, { data }] of events.entries()) {
    if (data) expect(items[index]?.data).toMatchObject(JSON.parse(fillIn(JSON.stringify(data), now)));
  }
}

// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: one table, its cases one after the other
describe.each(names)('%s', (name) => {
  const vector = readVector(name);
  const { signature, immutable } = providers[name]();
  const keys = keysOf(name);
  const open = () => providerInbox({ provider: name, keys });
  const requests = [vector.sample, ...(vector.variants ?? [])].map((each) => [each.name ?? 'sample', each] as const);

  it.each(requests)('stores what it says, with the payload as it came: %s', async (_, request) => {
    const inbox = open();
    const signed = inbox.sign(request);
    const { statusCode, body } = await inbox.deliver(signed);
    expect([statusCode, JSON.parse(body).status]).toEqual([200, 'processed']);
    expectEvents(inbox.items, name, request);
    if (JSON.parse(body).event_id) expect(inbox.items.map(payloadOf)).toEqual([signed.body.toString()]);
  });

  it.each(requests)('takes a redelivery for a duplicate, freshly signed: %s', async (_, request) => {
    const inbox = open();
    await inbox.deliver(inbox.sign(request));
    inbox.clock.now += 30_000;
    const { statusCode, body } = await inbox.deliver(inbox.sign(request));
    const { status, events } = JSON.parse(body);
    expect(statusCode).toBe(200);
    expect(events?.map((each: { status: string }) => each.status) ?? [status]).toEqual(
      request.events.map(() => 'duplicate'),
    );
    expect(inbox.items).toHaveLength(request.events.length);
  });

  it('refuses another secret', async () => {
    const inbox = open();
    await expectRefused(inbox, inbox.sign(vector.sample, keysOf(name).signing));
  });

  it('refuses what was signed for a source with another secret', async () => {
    const other = providerInbox({ provider: name, keys: keysOf(name) });
    await expectRefused(open(), other.sign(vector.sample));
  });

  if (!signature.certificate) {
    it('accepts the previous secret until its time is over, and says so', async () => {
      const inbox = open();
      inbox.secret.value = {
        current: keysOf(name).verification,
        previous: { value: keys.verification, acceptedUntil: NOW + 10_000 },
      };
      expect((await inbox.deliver(inbox.sign(vector.sample))).statusCode).toBe(200);
      expect(inbox.reports[0]?.usedPreviousSecret).toBe(true);
      inbox.clock.now += 10_000;
      expect((await inbox.deliver(inbox.sign(vector.sample))).statusCode).toBe(401);
    });
  }

  it('refuses a signature that is missing, malformed or sent twice', async () => {
    const inbox = open();
    const signed = inbox.sign(vector.sample);
    for (const header of signatureHeaders(vector.sample, signed)) {
      const [value = ''] = signed.headers.get(header) ?? [];
      await expectRefused(inbox, without(signed, header));
      await expectRefused(inbox, withHeader(signed, header, [value, value]));
      for (const garbage of ['', 'é☃', value.slice(1), `${value}=`, 'sha256=', `${value}\u0000`]) {
        await expectRefused(inbox, withHeader(signed, header, [garbage]));
      }
    }
  });

  it('never answers with a 5xx, whatever one byte of the body becomes', async () => {
    const inbox = open();
    const signed = inbox.sign(vector.sample);
    for (let index = 0; index < signed.body.length; index += 7) {
      const body = Buffer.from(signed.body);
      body[index] = (body[index] ?? 0) ^ 1;
      expect((await inbox.deliver(withBody(signed, body))).statusCode).toBeLessThan(500);
    }
  });

  if (vector.signsBody !== false) {
    it('refuses a body with one byte changed, anywhere', async () => {
      const inbox = open();
      const signed = inbox.sign(vector.sample);
      for (const index of [0, Math.floor(signed.body.length / 2), signed.body.length - 1]) {
        const body = Buffer.from(signed.body);
        body[index] = (body[index] ?? 0) ^ 1;
        await expectRefused(inbox, withBody(signed, body));
      }
      await expectRefused(inbox, withBody(signed, Buffer.concat([signed.body, Buffer.from(' ')])));
    });
  }

  if (vector.toleranceSeconds !== undefined) {
    const tolerance = vector.toleranceSeconds * 1000;

    it.each([
      ['stale', tolerance + 1_000],
      ['from the future', -Math.min(tolerance, 300_000) - 1_000],
    ])('refuses a signed time that is %s', async (_, shift) => {
      const inbox = open();
      const signed = inbox.sign(vector.sample);
      inbox.clock.now += shift;
      await expectRefused(inbox, signed);
    });

    it('accepts a signed time just inside the tolerance', async () => {
      const inbox = open();
      const signed = inbox.sign(vector.sample);
      inbox.clock.now += tolerance - 2_000;
      expect((await inbox.deliver(signed)).statusCode).toBe(200);
    });
  }

  if (vector.toleranceSeconds === undefined && providers[name]().signedTime) {
    it('refuses an event older than the retention, so that a captured request stays dead', async () => {
      const inbox = open();
      const [, timed] = requests.find(([, { events }]) => events[0]?.occurredAt) ?? [];
      const signed = inbox.sign(timed ?? vector.sample);
      inbox.clock.now += 40 * 24 * 3600 * 1000;
      expect((await inbox.deliver(signed)).statusCode).toBe(422);
      expect(inbox.items).toEqual([]);
    });
  }

  it('is honest about payloads that change', async () => {
    const inbox = open();
    if (vector.sample.events.length !== 1 || vector.reformattable === false) return;
    await inbox.deliver(inbox.sign(vector.sample));
    const { statusCode } = await inbox.deliver(inbox.sign({ ...vector.sample, body: `${vector.sample.body}\n` }));
    expect(statusCode).toBe(immutable ? 409 : 200);
  });

  for (const recorded of vector.recorded ?? []) {
    it(`accepts what was signed by ${recorded.source}`, async () => {
      const recordedKeys = { signing: '', verification: recorded.secret };
      const inbox = providerInbox({
        provider: name,
        keys: recordedKeys,
        ...(recorded.url && { publicUrl: recorded.url }),
        ...(recorded.settings && { settings: recorded.settings }),
      });
      inbox.clock.now = Date.parse(recorded.clock);
      const headers = new Map(Object.entries(recorded.headers).map(([key, value]) => [key, [value]]));
      const query = new URLSearchParams(recorded.query);
      const request = { method: 'POST', url: '', query, headers, body: Buffer.from(recorded.body) };
      const { statusCode } = await inbox.deliver(request);
      expect(statusCode).toBe(200);
      expectEvents(inbox.items, name, recorded, inbox.clock.now);
    });
  }

  for (const handshake of vector.handshakes ?? []) {
    const { method = 'POST', query = '', headers = {}, body = '', signed, secret, answer } = handshake;
    const handshakeKeys = secret === undefined ? keys : { signing: secret, verification: secret };

    it(`answers the handshake: ${handshake.name}`, async () => {
      const inbox = providerInbox({ provider: name, keys: handshakeKeys });
      const plain: SignedRequest = {
        method,
        url: '',
        query: new URLSearchParams(query),
        headers: new Map(Object.entries(headers).map(([key, value]) => [key, [value]])),
        body: Buffer.from(fillIn(body, NOW)),
      };
      const request = signed ? { ...inbox.sign({ headers, body, events: [] }), method, query: plain.query } : plain;
      const result = await inbox.deliver(request);
      expect([result.statusCode, result.body]).toEqual([answer.status, answer.body]);
      if (answer.contentType) expect(result.headers?.['Content-Type']).toBe(answer.contentType);
      expect(inbox.items).toEqual([]);
      if (signed) expect((await inbox.deliver(plain)).statusCode).toBe(401);
    });
  }
});
