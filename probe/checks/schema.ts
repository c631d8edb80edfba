import { randomBytes } from 'node:crypto';
import { type Place, withBody, withValueAt } from '../place.ts';
import type { Prober } from '../prober.ts';
import { type Check, failed, idField, json, type Need, neededId, secret } from './check.ts';
import { type Case, outcomeOf, possible, refused, sendAll, survived, together } from './judge.ts';

/** A signed event with another value at a place. */
function signedWith(prober: Prober, what: string, place: Place | undefined, value: unknown): () => Case {
  return () => ({ what, request: prober.sign(place ? withValueAt(prober.event(), place, value) : prober.event()) });
}

const typeConfusion: Check = {
  id: 'type-confusion',
  title: 'An event id that is no text of a sensible length is refused.',
  severity: 'high',
  why: 'DynamoDB enforces no schema but that of the key: anything else is stored, and hurts whoever reads it later, or is a 500 here.',
  fix: 'Validate the type and the length of every field before an item is built.',
  requests: 8,
  needs: [secret, neededId],
  run(prober) {
    const place = prober.sender.idField;
    const values: readonly (readonly [string, unknown])[] = [
      ['an event id of null', null],
      ['an empty event id', ''],
      ['an event id that is true', true],
      ['an event id that is a list', ['probe']],
      ['an event id that is an object', { id: 'probe' }],
      ['an event id as DynamoDB types it', { S: 'probe' }],
      ['an event id that is a query', { $ne: null }],
      ['an event id of 5,000 characters', 'i'.repeat(5_000)],
    ];
    return sendAll(prober, refused, possible(values.map(([what, value]) => signedWith(prober, what, place, value))));
  },
};

const generic: Need = ({ sender }) => {
  return sender.isGeneric ? undefined : 'Needs events whose schema is known: those of the generic provider.';
};

const field = (name: string): Place => ({ path: [name] });

const schema: Check = {
  id: 'schema',
  title: 'An event that does not match the schema is refused.',
  severity: 'high',
  why: 'What is not checked before it is stored stays in the table, and is trusted by whoever reads it.',
  fix: 'Validate types, lengths and allowed values of every field, and answer 422.',
  requests: 14,
  needs: [secret, generic],
  run(prober) {
    const values: readonly (readonly [string, string, unknown])[] = [
      ['an event without an id', 'event_id', undefined],
      ['an event without a user', 'user_id', undefined],
      ['an event without an action', 'action', undefined],
      ['an event without a time', 'timestamp', undefined],
      ['an event id of 65 characters', 'event_id', 'i'.repeat(65)],
      ['an event id that is a number', 'event_id', 42],
      ['a user that is a number', 'user_id', 42],
      ['a user that is an object', 'user_id', { S: 'user_42' }],
      ['an action of 33 characters', 'action', 'a'.repeat(33)],
      ['an empty action', 'action', ''],
      ['a list of actions', 'action', ['invoice.paid']],
      ['a time as text', 'timestamp', String(Math.floor(Date.now() / 1000))],
      ['a time with a fraction', 'timestamp', Math.floor(Date.now() / 1000) + 0.5],
      ['a negative time', 'timestamp', -1],
    ];
    return sendAll(
      prober,
      refused,
      possible(values.map(([what, name, value]) => signedWith(prober, what, field(name), value))),
    );
  },
};

/** Texts that mean something to some database; to a table, they are data. */
const EXPRESSIONS = [
  'attribute_exists(id)',
  ':now',
  '#id',
  '{"S":"x"}',
  "' OR '1'='1",
  '" OR attribute_exists(id) OR id = "',
  '%{id} && #id = :now',
] as const;

const expressionInjection: Check = {
  id: 'expression-injection',
  title: 'Text that looks like an expression of a database is only data.',
  severity: 'high',
  why: 'An expression that is put together from what was sent can be made to say something else: to skip the condition, or to reach other items.',
  fix: 'Pass every value through ExpressionAttributeValues, never as a part of an expression.',
  requests: 2 * EXPRESSIONS.length,
  needs: [secret, idField],
  async run(prober) {
    const findings = [];
    for (const expression of EXPRESSIONS) findings.push(await sendTwice(prober, expression));
    return together(findings);
  },
};

/** As an id that is new: where a condition is broken by it, it breaks, or is processed twice. */
async function sendTwice(prober: Prober, expression: string) {
  const what = `an event id of ${expression}`;
  const { request } = signedWith(
    prober,
    what,
    prober.sender.idField,
    `${randomBytes(4).toString('hex')} ${expression}`,
  )();
  const first = await prober.send(what, request);
  const second = await prober.send(`${what}, again`, request);
  if (outcomeOf(first) === 'processed' && outcomeOf(second) === 'processed') return failed(`Processed twice: ${what}.`);
  return together([survived(first, what), survived(second, `${what}, again`)]);
}

const hostileStrings: Check = {
  id: 'hostile-strings',
  title: 'Unusual text and keys break nothing, and do not become one another.',
  severity: 'medium',
  why: 'Zero bytes, halves of characters and the keys of prototypes pass some parts of the way and break others. Two ids that are stored as the same text hide one event behind another.',
  fix: 'Refuse ids that are not well-formed Unicode, and the key __proto__.',
  requests: 7,
  needs: [secret, idField, json],
  async run(prober) {
    const { idField: place } = prober.sender;
    const text = String(prober.event().body);
    const lone = (unit: string) => () => {
      const marker = 'lone-surrogate';
      const { body } = place ? withValueAt(prober.event(), place, marker + run) : prober.event();
      return prober.sign(withBody(prober.event(), body.toString().replace(marker, unit)));
    };
    const run = randomBytes(8).toString('hex');
    const cases = possible([
      signedWith(prober, 'an event id with a zero byte', place, `probe\u0000${run}`),
      signedWith(prober, 'an event id that is a path', place, `../../${run}`),
      signedWith(prober, 'an event id with a line break', place, `probe\r\nX-Probe: ${run}`),
      () => ({
        what: 'a key __proto__',
        request: prober.sign(withBody(prober.event(), text.replace('{', '{"__proto__":{"probe":true},'))),
      }),
      () => ({
        what: 'a key constructor',
        request: prober.sign(
          withBody(prober.event(), text.replace('{', '{"constructor":{"prototype":{"probe":true}},')),
        ),
      }),
    ]);
    const survivors = await sendAll(prober, survived, cases);
    const [one, other] = ['\\ud800', '\\ud801'].map(lone);
    if (!one || !other) return survivors;
    return together([survivors, await tellsApart(prober, one(), other())]);
  },
};

async function tellsApart(prober: Prober, one: Case['request'], other: Case['request']) {
  const what = 'an event id with half a character';
  const first = await prober.send(what, one);
  const second = await prober.send('an event id with another half', other);
  const isMixedUp = outcomeOf(first) === 'processed' && ['duplicate', 'conflict'].includes(outcomeOf(second) ?? '');
  if (isMixedUp) return failed('Two ids that differ in half a character were taken for the same.');
  return together([survived(first, what), survived(second, what)]);
}

export const schemaChecks: readonly Check[] = [typeConfusion, schema, expressionInjection, hostileStrings];
