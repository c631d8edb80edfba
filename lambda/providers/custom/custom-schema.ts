import * as v from 'valibot';
import { readPointer } from '../../signature/json-pointer.ts';
import { suggestion } from '../suggestion.ts';
import type { CustomDefinition, CustomSignature } from './custom-definition.ts';
import { isPublicUrl } from './is-public-url.ts';
import type { JsonSchema } from './json-schema.ts';

// The messages of this schema are what is wrong and what to write instead. validateCustom puts the path before them.

/** A value of a definition in a message, if it is short: a long one may be a secret that was put into the wrong place. */
const shown = (value: unknown) => {
  const json = JSON.stringify(value) ?? 'nothing';
  return json.length <= 16 ? json : 'this value';
};

const listed = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join(', ');

const oneOf = <const TValues extends readonly string[]>(values: TValues, what: string) =>
  v.picklist(values, ({ input }) => `${what} cannot be ${shown(input)}; use ${listed(values)}.`);

interface ObjectIssue {
  readonly expected: string | null;
  readonly received: string;
}

const REQUIRED_OBJECT = ({ expected, received }: ObjectIssue) =>
  expected?.startsWith('"') || received === 'undefined' ? 'is required.' : 'must be an object.';

/** An object with these fields and no others. */
function fields<TEntries extends v.ObjectEntries>(entries: TEntries) {
  const names = Object.keys(entries);
  return v.strictObject(entries, (issue) => {
    if (issue.expected !== 'never') return REQUIRED_OBJECT(issue);
    const meant = suggestion(String(issue.path?.at(-1)?.key), names);
    const question = meant === undefined ? '' : `did you mean "${meant}"? `;
    return `there is no such field here; ${question}${question ? 'The' : 'the'} fields are ${names.join(', ')}.`;
  });
}

const text = (min: number, max: number, example: string) => {
  const message = `must be text of ${min} to ${max} characters, such as ${JSON.stringify(example)}.`;
  return v.pipe(
    v.string(message),
    v.check((value) => value.length >= min && value.length <= max, message),
  );
};

/** Without line breaks, so that a header can hold it. */
const headerText = (min: number, max: number, example: string) =>
  v.pipe(
    text(min, max, example),
    v.check((value) => !/[^\x20-\x7e]/.test(value), 'must be printable ASCII, because a header holds it.'),
  );

const integer = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}.`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
};

const flag = () => v.boolean('must be true or false.');

const listOf = <TSchema extends v.GenericSchema>(schema: TSchema, min: number, max: number) => {
  const message = `must be a list of ${min} to ${max} entries.`;
  return v.pipe(v.array(schema, message), v.minLength(min, message), v.maxLength(max, message), v.readonly());
};

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
const headerName = () => v.pipe(v.string(HEADER_NAME), v.regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, HEADER_NAME));

const HEADER_NAME = 'is not the name of a header; use 1 to 100 letters, digits and hyphens, such as "X-Signature".';

const pointer = () =>
  v.pipe(
    v.string('must be a JSON pointer, such as "/data/id".'),
    v.maxLength(512, 'must be a JSON pointer of at most 512 characters.'),
    v.check(
      (value) => readPointer(value) !== undefined,
      'is not a JSON pointer; begin with "/", and write "~1" for "/" and "~0" for "~", such as "/data/id".',
    ),
  );

/** A pointer to a value within the body. */
const innerPointer = () =>
  v.pipe(
    pointer(),
    v.check((value) => value !== '', 'points to the whole body; point to a value in it, such as "/id".'),
  );

const has = (input: unknown, key: string) => typeof input === 'object' && input !== null && key in input;

const format = () => oneOf(['seconds', 'milliseconds', 'iso'], 'a time');

const query = () => text(1, 100, 'challenge');

/** A place in a header or in the body, with more fields. */
const headerOrPointer = <TEntries extends v.ObjectEntries>(more: TEntries) => {
  const inHeader = fields({ header: headerName(), ...more });
  const atPointer = fields({ pointer: innerPointer(), ...more });
  const nowhere = v.never('needs a place, such as { pointer: "/data/id" } or { header: "X-Event-Id" }.');
  return v.lazy((input) => {
    if (has(input, 'pointer')) return atPointer;
    return has(input, 'header') ? inHeader : nowhere;
  });
};

/** A place in the query string, a header or the body, with more fields. */
const anyPlace = <TEntries extends v.ObjectEntries>(more: TEntries) => {
  const inQuery = fields({ query: query(), ...more });
  const others = headerOrPointer(more);
  return v.lazy((input) => (has(input, 'query') ? inQuery : others));
};

const timestampOptions = () => ({
  format: v.optional(format()),
  toleranceSeconds: v.optional(integer(1, 604_800)),
});

function timestamp() {
  const afterPrefix = fields({ prefix: headerText(1, 64, 't='), ...timestampOptions() });
  const others = headerOrPointer(timestampOptions());
  return v.lazy((input) => (has(input, 'prefix') ? afterPrefix : others));
}

const content = () => text(1, 1_000, '{timestamp}.{body}');

const separator = () => {
  const one = headerText(1, 4, ',');
  const several = listOf(headerText(1, 4, ','), 1, 4);
  return v.lazy((input) => (Array.isArray(input) ? several : one));
};

const inHeaders = () => ({
  header: v.union([headerName(), listOf(headerName(), 1, 10)], ({ input }) =>
    Array.isArray(input)
      ? 'must be a list of 1 to 10 names of headers.'
      : 'must be the name of the header with the signature, or a list of names, such as "X-Signature".',
  ),
  prefix: v.optional(headerText(0, 64, 'sha256=')),
  separator: v.optional(separator()),
  content: v.optional(content()),
  timestamp: v.optional(timestamp()),
  id: v.optional(fields({ header: headerName() })),
});

const inBody = () => ({
  pointer: innerPointer(),
  content: content(),
  timestamp: fields({ pointer: innerPointer(), ...timestampOptions() }),
  id: fields({ pointer: innerPointer() }),
});

const encoding = () => v.optional(oneOf(['hex', 'base64', 'base64url'], 'the encoding of a signature'));

const HMACS = ['hmac-sha256', 'hmac-sha512', 'hmac-sha1'] as const;
const ALGORITHMS = [...HMACS, 'ed25519', 'ecdsa-p256', 'rsa-sha256', 'jwt', 'basic', 'token'] as const;

const algorithm = () => oneOf(ALGORITHMS, 'the algorithm');

/** A schema for any input: that of its algorithm, and of the place that its signature is in. */
function signature() {
  const byAlgorithm = new Map<unknown, v.GenericSchema<unknown, CustomSignature>>([
    ...HMACS.map((name) => [name, hmacSignature()] as const),
    ['ed25519', publicKeySignature('ed25519', 'an Ed25519 key')],
    ['ecdsa-p256', publicKeySignature('ecdsa-p256', 'an ECDSA key')],
    ['rsa-sha256', rsaSignature()],
    ['jwt', jwtSignature()],
    ['basic', fields({ algorithm: v.literal('basic') })],
    ['token', tokenSignature()],
  ]);
  const other = v.pipe(v.looseObject({ algorithm: algorithm() }, REQUIRED_OBJECT), v.never());
  return v.lazy((input) => byAlgorithm.get(algorithmIn(input)) ?? other);
}

const algorithmIn = (input: unknown) =>
  has(input, 'algorithm') ? (input as { readonly algorithm: unknown }).algorithm : undefined;

function hmacSignature() {
  const entries = {
    algorithm: v.picklist(HMACS),
    encoding: encoding(),
    key: v.optional(oneOf(['text', 'hex', 'base64', 'whsec_'], 'the key of an HMAC')),
  };
  const ofHeaders = fields({ ...entries, ...inHeaders() });
  const ofBody = fields({ ...entries, ...inBody() });
  return v.lazy((input) => (has(input, 'pointer') ? ofBody : ofHeaders));
}

function publicKeySignature(name: 'ed25519' | 'ecdsa-p256', key: string) {
  return fields({
    algorithm: v.literal(name),
    encoding: encoding(),
    key: v.optional(oneOf(['hex', 'base64', 'pem'], key)),
    ...inHeaders(),
  });
}

function rsaSignature() {
  return fields({
    algorithm: v.literal('rsa-sha256'),
    encoding: encoding(),
    padding: v.optional(oneOf(['pkcs1', 'pss'], 'the padding')),
    ...inHeaders(),
  });
}

/** The name or the value of a claim. */
const claimText = (example: string) => text(1, 512, example);

const hashInClaim = () => v.optional(fields({ claim: claimText('request_body_sha256'), encoding: encoding() }));

const week = () => v.optional(integer(1, 604_800));

const jwtSignature = () =>
  fields({
    algorithm: v.literal('jwt'),
    header: headerName(),
    prefix: v.optional(headerText(0, 64, 'Bearer ')),
    jws: v.optional(oneOf(['HS256', 'RS256', 'ES256'], 'the algorithm of a token')),
    issuer: v.optional(claimText('https://acme.example')),
    audience: v.optional(claimText('https://hooks.example.com/webhooks/acme')),
    claims: v.optional(
      namedBy(v.union([claimText('webhooks@acme.example'), v.boolean()], 'must be text, true or false.'), 20),
    ),
    bodyHash: hashInClaim(),
    urlHash: hashInClaim(),
    toleranceSeconds: week(),
    lifetimeSeconds: week(),
    keySetUrl: v.optional(keySetUrl()),
  });

const KEY_SET_URL =
  'must be the https:// URL of a public host, without a port, such as "https://acme.example/.well-known/jwks.json".';

const keySetUrl = () =>
  v.pipe(text(10, 512, 'https://acme.example/.well-known/jwks.json'), v.check(isPublicUrl, KEY_SET_URL));

function tokenSignature() {
  const entries = { algorithm: v.literal('token') };
  const ofHeader = fields({ ...entries, header: headerName(), prefix: v.optional(headerText(0, 64, 'Bearer ')) });
  const ofQuery = fields({ ...entries, query: query() });
  const ofBody = fields({ ...entries, pointer: innerPointer() });
  return v.lazy((input) => {
    if (has(input, 'query')) return ofQuery;
    return has(input, 'pointer') ? ofBody : ofHeader;
  });
}

const eventValue = () => headerOrPointer({});

function eventIdentity() {
  const value = eventValue();
  const values = listOf(eventValue(), 1, 8);
  const hash = fields({ hash: v.literal('body', 'must be "body".') });
  return v.lazy((input) => {
    if (has(input, 'hash')) return hash;
    return Array.isArray(input) ? values : value;
  });
}

function eventType() {
  const value = eventValue();
  const values = listOf(eventValue(), 1, 8);
  return v.lazy((input) => (Array.isArray(input) ? values : value));
}

const mediaType = () =>
  v.pipe(
    text(3, 100, 'application/json'),
    v.regex(
      /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/,
      'must be a media type in lower case without parameters, such as "application/json".',
    ),
    v.check(
      (value) => !/xml$|^multipart\//.test(value),
      'cannot be read: a body is JSON or a form, such as "application/json" or "application/x-www-form-urlencoded".',
    ),
  );

const NAME = /^[A-Za-z_][\w-]{0,63}$/;

/** Names that Valibot's `record` leaves out, so that their values would not be validated. */
const UNREAD = ['__proto__', 'prototype', 'constructor'];

const withoutUnread = () =>
  v.check<unknown, string>(
    (input) => !UNREAD.some((name) => Object.hasOwn(Object(input), name)),
    `cannot have a field with the name ${UNREAD.join(', ')}; use another name.`,
  );

const namedBy = <TSchema extends v.GenericSchema>(schema: TSchema, max: number) =>
  v.pipe(
    v.unknown(),
    withoutUnread(),
    v.record(
      v.pipe(
        v.string(),
        v.check(
          (name) => NAME.test(name),
          'is not a name; use 1 to 64 letters, digits, "_" and "-", and begin with a letter.',
        ),
      ),
      schema,
      'must be an object.',
    ),
    v.check((record) => Object.keys(record).length <= max, `must have at most ${max} fields.`),
  );

const scalar = () =>
  v.union([v.string(), v.number(), v.boolean(), v.null()], 'must be text, a number, true, false or null.');

const JSON_TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] as const;

/** Refused by name, because their time or their meaning is not bounded by the value alone. */
const REFUSED: Readonly<Record<string, string>> = {
  pattern: 'a pattern may take more than linear time; use "enum", "const" or a length.',
  patternProperties: 'a pattern may take more than linear time; name the fields in "properties".',
  $ref: 'references are not followed; write the schema in its place.',
};

function jsonSchema(): v.GenericSchema<unknown, JsonSchema> {
  const number = () => v.optional(v.number('must be a number.'));
  const count = () => v.optional(integer(0, 10_000_000));
  const type = oneOf(JSON_TYPES, 'a JSON type');
  const types = listOf(oneOf(JSON_TYPES, 'a JSON type'), 1, 7);
  const nested = (): v.GenericSchema<unknown, JsonSchema> => v.lazy(() => schema);
  const schema = v.pipe(
    v.unknown(),
    v.rawCheck(({ dataset, addIssue }) => {
      const input = dataset.value;
      for (const [name, message] of Object.entries(REFUSED)) {
        if (has(input, name)) addIssue({ message: `"${name}" is not supported: ${message}` });
      }
    }),
    fields({
      type: v.optional(v.lazy((input) => (Array.isArray(input) ? types : type))),
      enum: v.optional(listOf(scalar(), 1, 200)),
      const: v.optional(scalar()),
      minLength: count(),
      maxLength: count(),
      minimum: number(),
      maximum: number(),
      items: v.optional(nested()),
      minItems: count(),
      maxItems: count(),
      properties: v.optional(
        v.pipe(v.unknown(), withoutUnread(), v.record(v.string(), nested(), 'must be an object.')),
      ),
      required: v.optional(listOf(text(1, 256, 'id'), 0, 100)),
      additionalProperties: v.optional(flag()),
    }),
  );
  return schema;
}

const event = () =>
  fields({
    id: eventIdentity(),
    type: v.optional(eventType()),
    time: v.optional(headerOrPointer({ format: format() })),
    batch: v.optional(pointer()),
    contentTypes: v.optional(listOf(mediaType(), 1, 10)),
    formField: v.optional(text(1, 100, 'payload')),
    immutable: v.optional(flag()),
    data: v.optional(
      namedBy(headerOrPointer({ type: v.optional(oneOf(['string', 'integer', 'number', 'boolean'], 'a type')) }), 32),
    ),
    schema: v.optional(jsonSchema()),
  });

const contentType = () =>
  v.optional(
    v.pipe(
      headerText(3, 100, 'text/plain'),
      v.check((value) => !/html|xml\+|svg/i.test(value), 'must not be a type that browsers run, such as HTML.'),
    ),
  );

const answerValue = (example: string) =>
  v.union([text(0, 1_024, example), v.number(), v.boolean()], 'must be text, a number, true or false.');

function answer() {
  const status = v.optional(integer(200, 299));
  const textAnswer = fields({ status, contentType: contentType(), text: v.optional(text(0, 1_024, '{challenge}')) });
  const jsonAnswer = fields({ status, json: namedBy(answerValue('{challenge}'), 20) });
  return v.lazy((input) => (has(input, 'json') ? jsonAnswer : textAnswer));
}

const handshake = () =>
  fields({
    method: oneOf(['GET', 'POST', 'HEAD'], 'the method of a handshake'),
    signed: v.optional(flag()),
    when: v.optional(listOf(anyPlace({ equals: answerValue('subscribe') }), 1, 10)),
    challenge: v.optional(anyPlace({})),
    answer: answer(),
  });

const sample = () =>
  fields({
    headers: v.record(v.string(), v.string('must be text.'), 'must be an object.'),
    body: v.string('must be text.'),
  });

/** The schema of a definition: the type and the range of each field. What contradicts itself is left to validateCustom. */
export const customSchema = (): v.GenericSchema<unknown, CustomDefinition> =>
  fields({
    title: v.optional(text(1, 64, 'Acme')),
    documentation: v.optional(
      v.pipe(v.string(), v.url('must be a URL, such as "https://acme.example/docs/webhooks".')),
    ),
    signature: signature(),
    event: event(),
    handshakes: v.optional(listOf(handshake(), 1, 5)),
    acknowledgement: v.optional(
      fields({
        status: v.optional(integer(200, 299)),
        contentType: contentType(),
        body: v.optional(text(0, 1_024, 'ok')),
      }),
    ),
    samples: v.optional(namedBy(sample(), 20)),
  });
