import { randomBytes } from 'node:crypto';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { type Place, withBody, withValueAt } from '../place.ts';
import type { Prober } from '../prober.ts';
import { type Check, type Finding, failed, idField, json, type Need, neededId, secret } from './check.ts';
import { type Case, combined, mustRefuse, mustSurvive, outcomeOf, sendAll, signable } from './judge.ts';

/** Builds a signed event with another value at a place. */
function signedWith(prober: Prober, what: string, place: Place | undefined, value: unknown): () => Case {
  return () => {
    const event = prober.event();
    const request = prober.sign(place ? withValueAt(event, place, value) : event);
    return { what, request, options: { genuine: prober.sign(event) } };
  };
}

const IDS: readonly (readonly [what: string, id: unknown])[] = [
  ['the event id null', null],
  ['an empty event id', ''],
  ['the event id true', true],
  ['a list as event id', ['probe']],
  ['an object as event id', { id: 'probe' }],
  ['a DynamoDB attribute value as event id', { S: 'probe' }],
  ['a query operator as event id', { $ne: null }],
  ['an event id of 5,000 characters', 'i'.repeat(5_000)],
];

const typeConfusion: Check = {
  id: 'type-confusion',
  title: 'An event id that is not a string of sensible length is refused.',
  failedTitle: 'Event ids of a wrong type or length are accepted',
  errorTitle: 'Event ids of a wrong type or length cause a server error',
  severity: 'high',
  why: 'DynamoDB enforces a schema only for the key. A value of another type is stored and breaks a later reader, or causes a 500.',
  fix: 'Validate the type and the length of every field before you build an item.',
  requests: IDS.length,
  needs: [secret, neededId],
  run(prober) {
    const cases = IDS.map(([what, id]) => signedWith(prober, what, prober.sender.idField, id));
    return sendAll(prober, mustRefuse, signable(cases));
  },
};

const generic: Need = ({ sender }) => {
  return sender.isGeneric ? undefined : 'The check needs the schema of the generic provider.';
};

const epochSeconds = () => Math.floor(Date.now() / 1000);

const INVALID_FIELDS: readonly (readonly [what: string, field: string, value: () => unknown])[] = [
  ['an event without an id', 'event_id', () => undefined],
  ['an event without a user', 'user_id', () => undefined],
  ['an event without an action', 'action', () => undefined],
  ['an event without a timestamp', 'timestamp', () => undefined],
  ['an event id of 65 characters', 'event_id', () => 'i'.repeat(65)],
  ['a number as event id', 'event_id', () => 42],
  ['a number as user', 'user_id', () => 42],
  ['an object as user', 'user_id', () => ({ S: 'user_42' })],
  ['an action of 33 characters', 'action', () => 'a'.repeat(33)],
  ['an empty action', 'action', () => ''],
  ['a list of actions', 'action', () => ['invoice.paid']],
  ['a string as timestamp', 'timestamp', () => String(epochSeconds())],
  ['a timestamp with a fraction', 'timestamp', () => epochSeconds() + 0.5],
  ['a negative timestamp', 'timestamp', () => -1],
];

const schema: Check = {
  id: 'schema',
  title: 'An event that does not match the schema is refused.',
  failedTitle: 'Events that do not match the schema are accepted',
  errorTitle: 'Events that do not match the schema cause a server error',
  severity: 'high',
  why: 'An unchecked value stays in the table, and whoever reads it trusts it.',
  fix: 'Validate types, lengths and allowed values of every field, and return 422.',
  requests: INVALID_FIELDS.length,
  needs: [secret, generic],
  run(prober) {
    const cases = INVALID_FIELDS.map(([what, field, value]) => signedWith(prober, what, { path: [field] }, value()));
    return sendAll(prober, mustRefuse, signable(cases));
  },
};

/** Strings with a meaning in the expressions of a database. A table has to treat them as data. */
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
  title: 'Text that looks like a database expression is treated as data.',
  failedTitle: 'An event whose id looks like a database expression is processed twice',
  errorTitle: 'Text that looks like a database expression causes a server error',
  severity: 'high',
  why: 'If an expression is concatenated from received text, an attacker can change it: to skip the condition, or to reach other items.',
  fix: 'Pass every value through ExpressionAttributeValues, never as part of an expression.',
  requests: 2 * EXPRESSIONS.length,
  needs: [secret, idField],
  async run(prober) {
    const findings: Finding[] = [];
    for (const expression of EXPRESSIONS) findings.push(await sendTwice(prober, expression));
    return combined(findings);
  },
};

/** Sends an expression twice as a new event id. An injected condition fails, or lets the event be processed twice. */
async function sendTwice(prober: Prober, expression: string): Promise<Finding> {
  const what = `the event id ${expression}`;
  const again = `${what}, again`;
  const id = `${randomBytes(4).toString('hex')} ${expression}`;
  const { request, options } = signedWith(prober, what, prober.sender.idField, id)();
  const first = await prober.send(what, request, { ...options, expected: mustSurvive.expected });
  const expected = 'The endpoint refuses the event, or reports a duplicate.';
  const second = await prober.send(again, request, { ...options, expected });
  const isProcessedTwice = outcomeOf(first) === 'processed' && outcomeOf(second) === 'processed';
  if (isProcessedTwice) return prober.conclude(second, failed(`The endpoint processed an event twice: ${what}.`));
  return combined([
    prober.conclude(first, mustSurvive(first, what)),
    prober.conclude(second, mustSurvive(second, again)),
  ]);
}

const hostileStrings: Check = {
  id: 'hostile-strings',
  title: 'Unusual strings and keys cause no server error, and different ids stay different.',
  failedTitle: 'Different event ids are taken for the same id',
  errorTitle: 'Unusual strings cause a server error',
  severity: 'medium',
  why: 'Some components accept null bytes, lone surrogates and prototype keys, and others fail on them. Two ids that are stored as the same text hide one event behind the other.',
  fix: 'Refuse ids that are not well-formed Unicode, and the key __proto__.',
  requests: 7,
  needs: [secret, idField, json],
  async run(prober) {
    const run = randomBytes(8).toString('hex');
    const { idField: place } = prober.sender;
    const cases = signable([
      signedWith(prober, 'an event id with a null byte', place, `probe\u0000${run}`),
      signedWith(prober, 'a path as event id', place, `../../${run}`),
      signedWith(prober, 'an event id with a line break', place, `probe\r\nX-Probe: ${run}`),
      signedWithKey(prober, '__proto__', '{"probe":true}'),
      signedWithKey(prober, 'constructor', '{"prototype":{"probe":true}}'),
    ]);
    const [one, other] = ['\\ud800', '\\ud801'].map((surrogate) => withLoneSurrogate(prober, surrogate, run));
    const survival = await sendAll(prober, mustSurvive, cases);
    return one && other ? combined([survival, await tellsApart(prober, one, other)]) : survival;
  },
};

function signedWithKey(prober: Prober, key: string, value: string): () => Case {
  const event = prober.event();
  const body = event.body.toString().replace('{', `{"${key}":${value},`);
  return () => {
    const options = { genuine: prober.sign(event) };
    return { what: `the key ${key}`, request: prober.sign(withBody(event, body)), options };
  };
}

/** @param surrogate as a JSON escape, which JSON.stringify would not write */
function withLoneSurrogate(prober: Prober, surrogate: string, run: string): SignedRequest {
  const { idField: place } = prober.sender;
  const marker = 'lone-surrogate';
  const event = prober.event();
  const marked = place ? withValueAt(event, place, marker + run) : event;
  return prober.sign(withBody(event, marked.body.toString().replace(marker, surrogate)));
}

async function tellsApart(prober: Prober, one: SignedRequest, other: SignedRequest): Promise<Finding> {
  const [what, otherWhat] = ['an event id with a lone surrogate', 'an event id with another lone surrogate'];
  const first = await prober.send(what, one, { expected: mustSurvive.expected });
  const expected = 'The endpoint refuses the event, or processes it as another one.';
  const second = await prober.send(otherWhat, other, { genuine: one, expected });
  const isMixedUp = outcomeOf(first) === 'processed' && ['duplicate', 'conflict'].includes(outcomeOf(second) ?? '');
  const detail = 'The endpoint took two ids that differ in a lone surrogate for the same id.';
  if (isMixedUp) return prober.conclude(second, failed(detail));
  return combined([
    prober.conclude(first, mustSurvive(first, what)),
    prober.conclude(second, mustSurvive(second, otherWhat)),
  ]);
}

export const schemaChecks: readonly Check[] = [typeConfusion, schema, expressionInjection, hostileStrings];
