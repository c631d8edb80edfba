import { describe, expect, it } from '@jest/globals';
import { payloadText } from '../../cli/operate/quarantine/payload-text.ts';
import { readCapturedRequest } from '../../cli/scheme/captured-request.ts';
import { bodyRepairs } from '../../cli/scheme/repairs/body-repairs.ts';
import { jsonSpellings } from '../../cli/scheme/repairs/json-spellings.ts';
import { timesIn } from '../../cli/scheme/times.ts';
import { setFields } from '../../cli/send/set-fields.ts';
import { differencesBetween, valueAt } from '../../console/differences.ts';
import { compareConflict } from '../../lambda/events/compare-payloads.ts';
import { customSample } from '../../lambda/providers/custom/custom-sample.ts';
import type { JsonSchema } from '../../lambda/providers/custom/json-schema.ts';
import { schemaIssues } from '../../lambda/providers/custom/json-schema.ts';
import {
  type CustomDefinition,
  custom,
  type ProviderName,
  providers,
  validateCustom,
} from '../../lambda/providers/index.ts';
import { parsePayload } from '../../lambda/receiver/parse-payload.ts';
import { withValueAt } from '../../lambda/signature/json-pointer.ts';
import { jsonOf, leavesOf } from '../../probe/place.ts';
import { plainRequest } from '../support/plain-request.ts';
import { NOW, providerInbox } from '../support/provider-inbox.ts';
import { readVector } from '../support/vectors.ts';

/** Far more than a stack has room for, if each level is a call. */
const LEVELS = 200_000;

const LIST = `${'['.repeat(LEVELS)}12.10${']'.repeat(LEVELS)}`;
const OBJECT = `${'{"a":'.repeat(LEVELS)}12.10${'}'.repeat(LEVELS)}`;
const IN_FIELD = `{"id":"evt_1","created":12.10,"data":${OBJECT}}`;

const BODIES = [
  ['a list', LIST],
  ['an object', OBJECT],
  ['an object in a field', IN_FIELD],
] as const;

const partner: CustomDefinition = {
  signature: { algorithm: 'hmac-sha256', header: 'X-Signature' },
  event: { id: { pointer: '/id' } },
};

function nested(levels: number, inner: JsonSchema, around: (schema: JsonSchema) => JsonSchema): JsonSchema {
  let schema = inner;
  for (let level = 0; level < levels; level += 1) schema = around(schema);
  return schema;
}

const withSchema = (schema: JsonSchema): CustomDefinition => ({ ...partner, event: { ...partner.event, schema } });

describe('a definition that is nested too deeply', () => {
  const inItems = (items: JsonSchema): JsonSchema => ({ items });
  const inProperties = (a: JsonSchema): JsonSchema => ({ properties: { a } });
  const circular: { items?: JsonSchema } = {};
  circular.items = circular;

  it.each([
    [
      'items',
      nested(LEVELS, { type: 'string' }, inItems),
      /^event\.schema\.items\.items\..*: is nested more than 64 deep/,
    ],
    [
      'properties',
      nested(LEVELS, {}, inProperties),
      /^event\.schema\.properties\.a\.properties\..*: is nested more than 64/,
    ],
    ['items in themselves', circular, /^event\.schema\.items\.items\..*, or holds itself/],
    ['items, a little', nested(22, {}, inItems), /^event\.schema(\.items){21}: is nested more than 20 deep/],
  ])('is refused with its path: a schema of %s', (_, schema, message) => {
    expect(validateCustom(withSchema(schema)).join(' ')).toMatch(message);
    expect(() => custom(withSchema(schema))).toThrow(message);
  });

  it.each(['signature', 'event', 'handshakes', 'acknowledgement', 'samples', 'title'])(
    'is refused with its path: %s',
    (field) => {
      const [message, ...others] = validateCustom({ ...partner, [field]: JSON.parse(LIST) });
      expect([message?.startsWith(`${field}.0.0.0.`), others]).toEqual([true, []]);
    },
  );

  it('is refused with its path if it has more values than can be read', () => {
    const wide = nested(12, {}, (a) => ({ properties: { a, b: a, c: a } }));
    expect(validateCustom(withSchema(wide)).join(' ')).toMatch(/^event\.schema\..*: has more than 10000 values/);
  });

  it('is accepted with 20 levels, and refuses a value at the deepest of them', () => {
    const schema = nested(20, { type: 'string' }, inItems);
    expect(validateCustom(withSchema(schema))).toEqual([]);
    const value = JSON.parse(`${'['.repeat(20)}1${']'.repeat(20)}`);
    expect(schemaIssues(schema, value)).toEqual([{ path: `${'0.'.repeat(19)}0`, expected: 'string' }]);
    expect(schemaIssues(schema, JSON.parse(LIST))).toHaveLength(1);
  });

  it('does not make its sample larger than a request: lists in lists, and long text', () => {
    const lists = nested(10, { type: 'string', minLength: 10_000_000 }, (items) => ({
      type: 'array',
      items,
      minItems: 1000,
    }));
    expect(customSample(withSchema(lists)).body.length).toBeLessThan(2_000_000);
  });

  it('may name an item that its sample does not have', () => {
    const items = { type: 'array', items: { type: 'object' } } as const;
    const definition = {
      ...withSchema({ properties: { items } }),
      event: { ...withSchema({ properties: { items } }).event, id: { pointer: '/items/7/id' } },
    };
    expect(custom(definition).samples?.sample?.body).toBe('{"items":[{}]}');
    expect(withValueAt([], ['0', 'id'], 'x')).toEqual([]);
    expect(withValueAt([{ a: 1 }], ['0', 'a'], 2)).toEqual([{ a: 2 }]);
  });
});

describe('a body that is nested too deeply', () => {
  it.each(BODIES)('is quarantined for that, with the numbers of its events or without: %s', (_, body) => {
    for (const hasItems of [true, false]) {
      const options = { mediaType: 'application/json', hasItems };
      expect(parsePayload(Buffer.from(body), options)).toEqual({ unreadable: 'nested_too_deep' });
      const form = Buffer.from(`payload=${encodeURIComponent(body)}`);
      const ofForm = {
        mediaType: 'application/x-www-form-urlencoded',
        hasItems,
        formField: { name: 'payload', isRequired: true },
      };
      expect(parsePayload(form, ofForm)).toEqual({ unreadable: 'nested_too_deep' });
    }
  });

  it.each(Object.keys(providers) as ProviderName[])(
    'is refused or quarantined, and never an error: %s',
    async (name) => {
      const inbox = providerInbox({ provider: name, keys: providers[name]().signature.generateKeys() });
      const { sample } = readVector(name);
      const signed = inbox.sign(sample);
      for (const [, body] of BODIES) {
        const { statusCode } = await inbox.deliver({ ...signed, body: Buffer.from(body) });
        expect(statusCode).toBeLessThan(500);
      }
      expect(inbox.items).toEqual([]);
    },
  );

  it('is quarantined when it is signed, and kept as it came', async () => {
    const inbox = providerInbox({ provider: 'stripe', keys: providers.stripe().signature.generateKeys() });
    const { sample } = readVector('stripe');
    for (const [, body] of BODIES) {
      const { statusCode, headers } = await inbox.deliver(inbox.sign(sample, undefined, Buffer.from(body)));
      expect([statusCode, headers?.['Inbox-Status']]).toEqual([200, 'quarantined']);
    }
    expect(inbox.quarantined.map(({ reason }) => reason)).toEqual(BODIES.map(() => 'nested_too_deep'));
  });

  it.each(BODIES)('is shown by the commands and the console as text, without its fields: %s', (_, body) => {
    expect(payloadText(Buffer.from(body))).toBe(body);
    expect(differencesBetween(body, '{}')).toBeUndefined();
    expect(valueAt(body, 'a')).toBeUndefined();
    const stored = { payload: body, payload_sha256: 'x' };
    expect(compareConflict(Buffer.from('{}'), stored).differingFields).toBeUndefined();
  });

  it.each(BODIES)('is taken for no JSON by the probe, `scheme` and `send --set`: %s', (_, body) => {
    const bytes = Buffer.from(body);
    expect(leavesOf(jsonOf({ body: bytes }))).toEqual([]);
    expect([...jsonSpellings(bytes)]).toEqual([]);
    expect(() => timesIn(plainRequest(body))).not.toThrow();
    const captured = readCapturedRequest(Buffer.from(`POST /webhooks/partner HTTP/1.1\n\n${body}`));
    const delivery = { request: plainRequest(body), secret: 'x', at: NOW };
    expect(() => [...bodyRepairs(delivery, captured)]).not.toThrow();
    expect(() => setFields(bytes, false, ['id=1'])).toThrow('--set');
  });

  it('is refused by `send --set` if the value makes it so', () => {
    expect(() => setFields(Buffer.from('{"id":1}'), false, [`id=${LIST}`])).toThrow(
      '--set: the body is nested too deeply',
    );
  });
});
