import { describe, expect, it } from '@jest/globals';
import type { EventItem } from '../../../lambda/events/event-item.ts';
import { decodePayload } from '../../../lambda/payloads/decode-payload.ts';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { type BodyCoverage, hasSecret } from '../../../lambda/signature/scheme.ts';
import type { SignedRequest } from '../../../lambda/signature/signed-request.ts';
import { changed, jsonOf, leavesOf, type Place, valueAt, withValueAt } from '../../../probe/place.ts';
import { fillIn } from '../../../samples/sample.ts';
import { published } from '../../support/certificates.ts';
import { NOW, type ProviderInbox, providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf } from '../../support/provider-requests.ts';
import { readVector, type Vector, type VectorRequest } from '../../support/vectors.ts';

const DAY_MS = 24 * 3600 * 1000;

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

const payloadOf = (item: EventItem) => String(decodePayload(item));

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

async function statusOf(inbox: ProviderInbox, request: SignedRequest): Promise<number> {
  return (await inbox.deliver(request)).statusCode;
}

/** The same values in another order or spelling. */
function respelled({ headers, body }: SignedRequest): Buffer {
  if (!/form/.test(String(headers.get('content-type'))))
    return Buffer.from(JSON.stringify(JSON.parse(`${body}`), null, 3));
  return Buffer.from(new URLSearchParams([...new URLSearchParams(`${body}`)].toReversed()).toString());
}

/** The token that Mailgun signs, which a retry repeats. */
const isSignedToken = (place: Place) => 'path' in place && place.path.join('.') === 'signature.token';

/** The request with each value of its body changed in turn, but for those that signing wrote there. */
function changedValues(signed: SignedRequest, { body }: VectorRequest): SignedRequest[] {
  const unsigned = withBody(signed, Buffer.from(fillIn(body, NOW)));
  const places = leavesOf(jsonOf(signed))
    .filter((place) => valueAt(signed, place) === valueAt(unsigned, place))
    .filter((place) => !isSignedToken(place));
  if (places.length === 0) return [withBody(signed, Buffer.from(`${changed(`${signed.body}`)}`))];
  return places.map((place) => withValueAt(signed, place, changed(valueAt(signed, place))));
}

async function expectBytesCovered(inbox: ProviderInbox, sample: VectorRequest): Promise<void> {
  const signed = inbox.sign(sample);
  for (const index of [0, Math.floor(signed.body.length / 2), signed.body.length - 1]) {
    const body = Buffer.from(signed.body);
    body[index] = (body[index] ?? 0) ^ 1;
    await expectRefused(inbox, withBody(signed, body));
  }
  await expectRefused(inbox, withBody(signed, Buffer.concat([signed.body, Buffer.from(' ')])));
  await expectRefused(inbox, withBody(signed, respelled(signed)));
}

async function expectContentCovered(inbox: ProviderInbox, sample: VectorRequest): Promise<void> {
  const signed = inbox.sign(sample);
  const statuses = await Promise.all(changedValues(signed, sample).map((each) => statusOf(inbox, each)));
  expect(statuses).toContain(401);
  expect(await statusOf(inbox, withBody(signed, respelled(signed)))).toBe(200);
}

async function expectNothingCovered(inbox: ProviderInbox, sample: VectorRequest): Promise<void> {
  const signed = inbox.sign(sample);
  const statuses = await Promise.all(changedValues(signed, sample).map((each) => statusOf(inbox, each)));
  expect(statuses).not.toEqual([]);
  expect(statuses).not.toContain(401);
}

/** What a scheme with each coverage of the body must do. */
const COVERAGES = {
  bytes: ['rejects a body with one byte changed, anywhere', expectBytesCovered],
  checksum: ['rejects a body with one byte changed, though not every forged one', expectBytesCovered],
  content: ['accepts the same values in other bytes, but not other values', expectContentCovered],
  nothing: ['accepts other values in the body, since none is signed', expectNothingCovered],
} as const satisfies Record<BodyCoverage, unknown>;

/** A request that is signed now, for events that are older than the retention. */
function oldEvent(inbox: ProviderInbox, { sample, samples, variants }: Vector) {
  const timed = [...samples, ...variants].find(({ events }) => events[0]?.occurredAt) ?? sample;
  const body = timed.body.replace(/\{\{today:\w+\}\}/g, (placeholder) => fillIn(placeholder, NOW - 40 * DAY_MS));
  return { signed: inbox.sign({ ...timed, body }), events: timed.events };
}

/** What the contract says about an event older than the retention whose request was signed now. */
function treatmentOfOldEvents(name: ProviderName): 'accepts' | 'rejects' | 'quarantines' {
  const { eventTime, signature } = providers[name]();
  if (!eventTime?.isSigned || signature.toleranceSeconds !== undefined) return 'accepts';
  return name === 'generic' ? 'rejects' : 'quarantines';
}

const RESPONSES = {
  accepts: [expect.any(Number), 'processed'],
  rejects: [422, undefined],
  quarantines: [expect.any(Number), 'quarantined'],
} as const;

/** What the contract says about another payload under the same event id, unless the id is a hash of the payload. */
function treatmentOfOtherPayload(name: ProviderName, [item]: readonly EventItem[]): string | number {
  if (/^[0-9a-f]{64}$/.test(item?.event_id ?? '')) return 'processed';
  if (!providers[name]().immutable) return 'duplicate';
  return name === 'generic' ? 409 : 'conflict';
}

describe.each(names)('%s', (name) => {
  const vector = readVector(name);
  const { signature, eventTime, hasItems } = providers[name]();
  const keys = keysOf(name);
  const open = () => providerInbox({ provider: name, keys });
  const requests = [...vector.samples, ...vector.variants].map((each) => [each.name ?? '', each] as const);

  it.each(requests)('stores the events of a delivery, with their payloads byte for byte: %s', async (_, request) => {
    const inbox = open();
    const signed = inbox.sign(request);
    expect(await inboxStatusOf(inbox.deliver(signed))).toBe('processed');
    expectEvents(inbox.items, name, request);
    if (!hasItems) expect(inbox.items.map(payloadOf)).toEqual([signed.body.toString()]);
    expect(inbox.quarantined).toEqual([]);
  });

  it.each(requests)('recognizes the events of a retry, which is signed again later: %s', async (_, request) => {
    const inbox = open();
    await inbox.deliver(inbox.sign(request));
    inbox.clock.now += 30_000;
    const { isRetried = true, events } = request;
    expect(await inboxStatusOf(inbox.deliver(inbox.sign(request)))).toBe(isRetried ? 'duplicate' : 'processed');
    expect(inbox.items).toHaveLength(isRetried ? events.length : 2 * events.length);
    expect(inbox.quarantined).toEqual([]);
  });

  it('rejects a signature with another secret', async () => {
    const inbox = open();
    await expectRefused(inbox, inbox.sign(vector.sample, keysOf(name).signing));
  });

  it('rejects a request that was signed for another source', async () => {
    const other = providerInbox({ provider: name, keys: keysOf(name) });
    await expectRefused(open(), other.sign(vector.sample));
  });

  if (hasSecret(signature)) {
    it('accepts the previous secret until its grace period ends, and reports its use', async () => {
      const inbox = open();
      inbox.secret.value = {
        current: keysOf(name).verification,
        previous: { value: keys.verification, acceptedUntil: NOW + 10_000 },
      };
      expect(await inboxStatusOf(inbox.deliver(inbox.sign(vector.sample)))).toBe('processed');
      expect(inbox.reports[0]?.usedPreviousSecret).toBe(true);
      inbox.clock.now += 10_000;
      expect((await inbox.deliver(inbox.sign(vector.sample))).statusCode).toBe(401);
    });
  }

  it('rejects a signature that is missing, malformed or sent twice', async () => {
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

  it('answers no 5xx to a body with one bit changed, anywhere', async () => {
    const inbox = open();
    const signed = inbox.sign(vector.sample);
    for (let index = 0; index < signed.body.length; index += 7) {
      const body = Buffer.from(signed.body);
      body[index] = (body[index] ?? 0) ^ 1;
      expect((await inbox.deliver(withBody(signed, body))).statusCode).toBeLessThan(500);
    }
  });

  const [coverage, expectCoverage] = COVERAGES[signature.bodyCoverage];
  it(coverage, () => expectCoverage(open(), vector.sample));

  const { toleranceSeconds } = signature;

  if (toleranceSeconds === undefined) {
    it('accepts a signature ten years later, since it covers no transmission time', async () => {
      const inbox = open();
      const signed = inbox.sign(vector.sample);
      inbox.clock.now += 10 * 365 * DAY_MS;
      expect(await statusOf(inbox, signed)).not.toBe(401);
    });
  } else {
    const tolerance = toleranceSeconds * 1000;

    it.each([
      ['stale', tolerance + 1_000],
      ['from the future', -Math.min(tolerance, 300_000) - 1_000],
    ])('rejects a signed time that is %s', async (_, shift) => {
      const inbox = open();
      const signed = inbox.sign(vector.sample);
      inbox.clock.now += shift;
      await expectRefused(inbox, signed);
    });

    it('accepts a signed time just inside the tolerance', async () => {
      const inbox = open();
      const signed = inbox.sign(vector.sample);
      inbox.clock.now += tolerance - 2_000;
      expect(await inboxStatusOf(inbox.deliver(signed))).toBe('processed');
    });
  }

  const treatment = treatmentOfOldEvents(name);
  it(`${treatment} an event older than the retention in a fresh request`, async () => {
    const inbox = open();
    const { signed, events } = oldEvent(inbox, vector);
    const { statusCode, headers } = await inbox.deliver(signed);
    expect([statusCode, headers?.['Inbox-Status']]).toEqual(RESPONSES[treatment]);
    expect(inbox.items).toHaveLength(treatment === 'accepts' ? events.length : 0);
    const reasons = treatment === 'quarantines' ? events.map(() => 'outside_retention') : [];
    expect(inbox.quarantined.map(({ reason }) => reason)).toEqual(reasons);
  });

  it('checks no time of an event that the signature does not cover', () => {
    expect([signature.bodyCoverage, eventTime?.isSigned]).not.toEqual(['nothing', true]);
  });

  it('treats another payload as its declaration says: as another event, a duplicate or a conflict', async () => {
    const inbox = open();
    const [one, other] = [vector.sample, { ...vector.sample, body: `${vector.sample.body}\n` }].map((request) =>
      inbox.sign(request),
    );
    // Some schemes sign in the body, and so write it.
    if (!one || !other || one.body.equals(other.body) || vector.sample.events.length !== 1) return;
    await inbox.deliver(one);
    const { statusCode, headers } = await inbox.deliver(other);
    expect(headers?.['Inbox-Status'] ?? statusCode).toBe(treatmentOfOtherPayload(name, inbox.items));
    expect(inbox.quarantined).toHaveLength(headers?.['Inbox-Status'] === 'conflict' ? 1 : 0);
  });

  for (const recorded of vector.recorded) {
    it(`accepts a recorded request: ${recorded.source}`, async () => {
      const recordedKeys = { signing: '', verification: recorded.secret };
      const inbox = providerInbox({
        provider: name,
        keys: recordedKeys,
        ...(recorded.url && { publicUrl: recorded.url }),
        ...(recorded.settings && { settings: recorded.settings }),
        ...(recorded.certificate && { fetch: published(recorded.certificate) }),
      });
      inbox.clock.now = Date.parse(recorded.clock);
      const headers = new Map(Object.entries(recorded.headers).map(([key, value]) => [key, [value]]));
      const query = new URLSearchParams(recorded.query);
      const request = { method: 'POST', url: '', query, headers, body: Buffer.from(recorded.body) };
      expect(await inboxStatusOf(inbox.deliver(request))).toBe('processed');
      expectEvents(inbox.items, name, recorded, inbox.clock.now);
    });
  }

  for (const handshake of vector.handshakes) {
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
      expect(result.headers).toMatchObject({ 'Inbox-Status': 'handshake', ...answer.headers });
      expect(inbox.items).toEqual([]);
      if (signed) expect((await inbox.deliver(plain)).statusCode).toBe(401);
    });
  }
});

const isReplayable = (name: ProviderName) => {
  const { eventTime, signature } = providers[name]();
  const isTimeSigned = eventTime?.isSigned !== false && signature.bodyCoverage !== 'nothing';
  return signature.toleranceSeconds === undefined && isTimeSigned;
};

describe.each(names.filter(isReplayable))(
  'A source of the provider %s, whose requests stay valid for ever,',
  (name) => {
    it('stores no event whose signed time is older than the retention', async () => {
      const inbox = providerInbox({ provider: name, keys: keysOf(name) });
      await inbox.deliver(oldEvent(inbox, readVector(name)).signed);
      const times = inbox.items.map(({ occurred_at = inbox.clock.now }) => new Date(occurred_at).getTime());
      expect(times.filter((time) => time < NOW - 30 * DAY_MS)).toEqual([]);
    });
  },
);
