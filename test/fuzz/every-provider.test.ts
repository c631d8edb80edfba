import { gunzipSync } from 'node:zlib';
import { type AttributeValue, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from '../../cli/local/embedded-dynamodb.ts';
import { documentClient } from '../../lambda/aws/document-client.ts';
import { dynamodbEventStore } from '../../lambda/events/dynamodb-event-store.ts';
import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import { type SignedRequest, withHeaders } from '../../lambda/signature/signed-request.ts';
import { neverPasses } from '../support/deadlines.ts';
import { callLambda } from '../support/lambda-call.ts';
import { PROPERTY_TIMEOUT_MS, runs } from '../support/property.ts';
import { type ProviderInbox, providerInbox, toProxyEvent } from '../support/provider-inbox.ts';
import { readVector } from '../support/vectors.ts';
import { changedByte, oddBodies } from './bodies.ts';
import { oddEvents } from './events.ts';

// Guards what holds for any input at all: no 500, nothing thrown, and nothing stored but what was signed, as it was.

const TABLE_NAME = 'events-of-fuzzing';
const FEW = 3;

let dynamodb: EmbeddedDynamodb;
beforeAll(async () => {
  dynamodb = await startEmbeddedDynamodb({ port: 0, tableName: TABLE_NAME });
});
afterAll(() => dynamodb.stop());

const names = Object.keys(providers) as ProviderName[];

/** A missing or refused certificate is a 503: it is named by the request, and may be fetched later. */
const unavailable = (name: ProviderName) => (providers[name]().signature.certificate ? [503] : []);

/** Whether it is another signature: hexadecimal digits may be in upper case, and base64 has bits to spare at its end. */
const isOther = (value: string) => (text: string) => withoutSpareBits(text) !== withoutSpareBits(value);
const withoutSpareBits = (text: string) => text.toLowerCase().replace(/.(=+)(?=$|[,; ])/g, '$1');

/** Says where the certificate is, of which there is but one here. */
const NOT_SIGNED = 'paypal-cert-url';

async function payloadUnder(id: string): Promise<string | undefined> {
  const { Item } = await dynamodb.client.send(new GetItemCommand({ TableName: TABLE_NAME, Key: { id: { S: id } } }));
  return Item && textOf(Item.payload);
}

const textOf = (payload?: AttributeValue) => payload?.S ?? gunzipSync(payload?.B ?? '').toString();

/** Every event of a delivery is in the table, or in quarantine; as the bytes of the body, where it was the body. */
async function expectDurable(name: ProviderName, { body }: SignedRequest, inbox: ProviderInbox): Promise<void> {
  const { events = [] } = inbox.reports.at(-1) ?? {};
  for (const { status, eventId } of events) {
    const isKept = status === 'quarantined' || status === 'conflict';
    if (isKept) expect(inbox.quarantined).not.toEqual([]);
    else expect(await payloadUnder(`${name}#${eventId}`)).toBeDefined();
  }
  const [only] = events;
  if (events.length !== 1 || only?.status !== 'processed' || providers[name]().hasItems) return;
  expect(await payloadUnder(`${name}#${only.eventId}`)).toBe(String(body));
}

describe.each(names)('%s', (name) => {
  const vector = readVector(name);
  const { signature } = providers[name]();
  const keys = signature.generateKeys();
  const open = () => providerInbox({ provider: name, keys });
  const genuine = open().sign(vector.sample);

  /** The request signed by its provider; undefined where there is no place in the body for the signature. */
  function signed(inbox: ProviderInbox, body: Buffer): SignedRequest | undefined {
    try {
      return inbox.sign(vector.sample, keys.signing, body);
    } catch {
      return undefined;
    }
  }

  it(
    'whatever is signed is refused, or stored as it came',
    async () => {
      const store = dynamodbEventStore(documentClient(dynamodb.client), TABLE_NAME, neverPasses);
      const inbox = providerInbox({ provider: name, keys, store });
      const property = fc.asyncProperty(oddBodies(genuine.body), async (body) => {
        const request = signed(inbox, body);
        if (!request) return;
        const answer = await inbox.deliver(request);
        expect([200, 204, 400, 401, 409, 413, 422, ...unavailable(name)]).toContain(answer.statusCode);
        if (answer.statusCode < 300) await expectDurable(name, request, inbox);
      });
      await fc.assert(property, runs(FEW));
    },
    PROPERTY_TIMEOUT_MS,
  );

  const added = [...genuine.headers].filter(([header]) => !(header in vector.sample.headers) && header !== NOT_SIGNED);
  const isAllSigned = ['bytes', 'checksum'].includes(signature.bodyCoverage);

  /** One bit of the body, or of a header that signing added, is another. */
  const changed = [
    ...(isAllSigned ? [changedByte(genuine.body).map((body) => ({ ...genuine, body }))] : []),
    ...added.map(([header, [value = '']]) => {
      const changes = changedByte(Buffer.from(value)).map((bytes) => bytes.toString('latin1'));
      return changes.filter(isOther(value)).map((text) => withHeaders(genuine, { [header]: text }));
    }),
  ];

  // Where a body carries its signature, and signs some of its own fields: see the provider's own tests.
  if (changed.length > 0) {
    it(
      'a genuine request with one bit changed is never stored',
      async () => {
        const property = fc.asyncProperty(fc.oneof(...changed), async (request) => {
          const inbox = open();
          const { statusCode } = await inbox.deliver(request);
          expect([400, 401, ...unavailable(name)]).toContain(statusCode);
          expect(inbox.items).toEqual([]);
        });
        await fc.assert(property, runs(FEW));
      },
      PROPERTY_TIMEOUT_MS,
    );
  }

  it(
    'whatever shape its event has: no 500, and nothing is stored but the genuine body',
    async () => {
      const event = toProxyEvent(name, genuine);
      const property = fc.asyncProperty(oddEvents(event), async (odd) => {
        const inbox = open();
        const { statusCode, body } = await callLambda(inbox.receive, odd as Partial<APIGatewayProxyEvent>);
        expect([200, 204, 400, 401, 404, 413, 415, 422, 503]).toContain(statusCode);
        expect(typeof body).toBe('string');
        for (const { payload_sha256 } of inbox.items) expect(genuineHashes).toContain(payload_sha256);
      });
      await fc.assert(property, runs(FEW));
    },
    PROPERTY_TIMEOUT_MS,
  );

  const genuineHashes: string[] = [];
  beforeAll(async () => {
    const inbox = open();
    await inbox.deliver(genuine);
    genuineHashes.push(...inbox.items.map(({ payload_sha256 }) => payload_sha256));
    expect(genuineHashes).not.toEqual([]);
  });
});
