import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import fc from 'fast-check';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from '../../cli/local/embedded-dynamodb.ts';
import { documentClient } from '../../lambda/aws/document-client.ts';
import { dynamodbEventStore } from '../../lambda/events/dynamodb-event-store.ts';
import type { EventStore } from '../../lambda/events/event-store.ts';
import { decodePayload } from '../../lambda/payloads/decode-payload.ts';
import { type CustomDefinition, custom, type ProviderName, providers } from '../../lambda/providers/index.ts';
import { hasSecret } from '../../lambda/signature/scheme.ts';
import { type SignedRequest, withHeaders } from '../../lambda/signature/signed-request.ts';
import { customDefinitions } from '../../samples/custom-definitions.ts';
import { neverPasses } from '../support/deadlines.ts';
import { callLambda } from '../support/lambda-call.ts';
import { PROPERTY_TIMEOUT_MS, runs } from '../support/property.ts';
import { type ProviderInbox, providerInbox, toProxyEvent } from '../support/provider-inbox.ts';
import { readVector } from '../support/vectors.ts';
import { changedByte, oddBodies } from './bodies.ts';
import { oddEvents } from './events.ts';

// Guards what holds for any input at all: no 500, nothing thrown, nothing that is signed is lost, and nothing is stored
// that is not signed.

const TABLE_NAME = 'events-of-fuzzing';
const FEW = 3;

let dynamodb: EmbeddedDynamodb;
let store: EventStore;
beforeAll(async () => {
  dynamodb = await startEmbeddedDynamodb({ port: 0, tableName: TABLE_NAME });
  store = dynamodbEventStore(documentClient(dynamodb.client), TABLE_NAME, neverPasses);
});
afterAll(() => dynamodb.stop());

const names = Object.keys(providers) as ProviderName[];

/** A source of a provider, or a custom source with the same scheme. */
interface Case {
  readonly title: string;
  readonly name: ProviderName;
  readonly definition?: CustomDefinition;
}

/** One of each kind of signature. Invalid events are kept, so that nothing that is signed is lost. */
const CUSTOM = [
  'chargebee',
  'discord',
  'github',
  'google-pubsub',
  'hubspot',
  'mailgun',
  'microsoft-graph',
  'netlify',
  'standard-webhooks',
  'stripe',
] as const;

const cases: readonly Case[] = [
  ...names.map((name) => ({ title: `the provider ${name}`, name })),
  ...CUSTOM.map((name) => {
    return { title: `the provider custom, with the scheme of ${name},`, name, definition: customDefinitions[name] };
  }),
];

/** A missing or refused certificate or key is a 503: it is named by the request, and may be fetched later. */
const unavailable = (name: ProviderName) => (hasSecret(providers[name]().signature) ? [] : [503]);

/** Whether it is another signature: hexadecimal digits may be in upper case, and base64 has unused bits at its end. */
const isOther = (value: string) => (text: string) => withoutSpareBits(text) !== withoutSpareBits(value);
const withoutSpareBits = (text: string) => text.toLowerCase().replace(/.(=+)(?=$|[,; ])/g, '$1');

/** The URL of the certificate, which is not signed. */
const NOT_SIGNED = 'paypal-cert-url';

async function payloadUnder(id: string): Promise<string | undefined> {
  const { Item } = await dynamodb.client.send(new GetItemCommand({ TableName: TABLE_NAME, Key: { id: { S: id } } }));
  return Item && String(decodePayload(unmarshall(Item)));
}

/** Each event that is reported is where its status says, with the bytes of the body unless that held several. */
async function expectDurable(name: ProviderName, { body }: SignedRequest, inbox: ProviderInbox): Promise<void> {
  const { events = [] } = inbox.reports.at(-1) ?? {};
  const isWhole = events.length === 1 && !inbox.provider.hasItems;
  const kept = inbox.quarantined.map((item) => String(decodePayload(item)));
  for (const { status, eventId } of events) {
    const isKept = status === 'quarantined' || status === 'conflict';
    const payloads = isKept ? kept : [await payloadUnder(`${name}#${eventId}`)];
    const isExact = isWhole && status !== 'duplicate';
    expect(payloads).toContainEqual(isExact ? String(body) : expect.any(String));
  }
}

/** The responses to a signed request that a provider cannot repair by sending it again. */
const REJECTIONS = [400, 409, 413, 422];

describe.each(cases)('A source of $title', ({ name, definition }) => {
  const vector = readVector(name);
  const { signature } = definition ? custom(definition) : providers[name]();
  const keys = signature.generateKeys();
  const options = { provider: name, keys, ...(definition && { definition, onInvalid: 'quarantine' as const }) };
  const open = () => providerInbox(options);
  const genuine = open().sign(vector.sample);

  /** The request signed by its provider; undefined if the body has no place for the signature. */
  function signed(inbox: ProviderInbox, body: Buffer): SignedRequest | undefined {
    try {
      return inbox.sign(vector.sample, keys.signing, body);
    } catch {
      return undefined;
    }
  }

  it(
    name === 'generic'
      ? 'whatever is signed is rejected or stored'
      : 'whatever is signed is stored, or kept in quarantine',
    async () => {
      const inbox = providerInbox({ ...options, store });
      const property = fc.asyncProperty(oddBodies(genuine.body), async (body) => {
        const request = signed(inbox, body);
        if (!request) return;
        const { statusCode } = await inbox.deliver(request);
        // 401: some of these bodies leave no place for a signature in them.
        const others = [401, ...unavailable(name), ...(name === 'generic' ? REJECTIONS : [])];
        expect([200, 204, ...others]).toContain(statusCode);
        if (statusCode < 300) await expectDurable(name, request, inbox);
      });
      await fc.assert(property, runs(FEW));
    },
    PROPERTY_TIMEOUT_MS,
  );

  const added = [...genuine.headers].filter(([header]) => !(header in vector.sample.headers) && header !== NOT_SIGNED);
  const isAllSigned = ['bytes', 'checksum'].includes(signature.bodyCoverage);

  /** One bit of the body, or of a header that signing added, is changed. */
  const changed = [
    ...(isAllSigned ? [changedByte(genuine.body).map((body) => ({ ...genuine, body }))] : []),
    ...added.map(([header, [value = '']]) => {
      const changes = changedByte(Buffer.from(value)).map((bytes) => bytes.toString('latin1'));
      return changes.filter(isOther(value)).map((text) => withHeaders(genuine, { [header]: text }));
    }),
  ];

  // For signatures in the body that cover some of its fields, see the provider's own tests.
  if (changed.length > 0) {
    it(
      'never stores a genuine request with one bit changed',
      async () => {
        const property = fc.asyncProperty(fc.oneof(...changed), async (request) => {
          const inbox = open();
          const { statusCode } = await inbox.deliver(request);
          expect([400, 401, ...unavailable(name)]).toContain(statusCode);
          expect([...inbox.items, ...inbox.quarantined]).toEqual([]);
        });
        await fc.assert(property, runs(FEW));
      },
      PROPERTY_TIMEOUT_MS,
    );
  }

  it(
    'whatever shape the event of API Gateway has: no 500, and nothing is stored but the genuine body',
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
