import { readPointer } from '../../signature/json-pointer.ts';
import type { CustomDefinition, CustomEvent, CustomSignature } from './custom-definition.ts';
import { FORM_TYPE, placesOf } from './definition-facts.ts';
import type { JsonSchema } from './json-schema.ts';
import { messagesOf } from './rule.ts';

/** What contradicts itself in how events are read, or contradicts the signature, each with its path. */
export function eventContradictions({ signature, event }: CustomDefinition): readonly string[] {
  return [
    ...ofEvent(event),
    ...ofData(event),
    ...(event.schema ? ofSchema(event.schema, 'event.schema', 0) : []),
    ...ofSignatureInBody(signature, event),
    ...ofForm(signature, event),
    ...ofExposure(signature, event),
  ];
}

function ofEvent({ id, batch, contentTypes = [], formField }: CustomEvent): readonly string[] {
  const isOfHeaders = !('hash' in id) && [id].flat().every((place) => 'header' in place);
  return messagesOf([
    [
      batch !== undefined && isOfHeaders,
      'event.id: all events of a batch would have the id of the header; add a pointer to an id in the event, or use { hash: "body" }.',
    ],
    [
      formField !== undefined && !contentTypes.includes(FORM_TYPE),
      `event.formField: needs the type of a form; add "${FORM_TYPE}" to event.contentTypes.`,
    ],
  ]);
}

function ofData({ data = {} }: CustomEvent): readonly string[] {
  return Object.entries(data).flatMap(([name, place]) =>
    messagesOf([
      [
        'header' in place && (place.type ?? 'string') !== 'string',
        `event.data.${name}.type: the value of a header is text; use "string".`,
      ],
    ]),
  );
}

/** Deeper than any event, and safe to walk. */
const MAX_DEPTH = 20;

function ofSchema(schema: JsonSchema, path: string, depth: number): readonly string[] {
  if (depth > MAX_DEPTH) return [`${path}: is nested more than ${MAX_DEPTH} deep; leave out what is below.`];
  return [
    ...ofRanges(schema, path),
    ...(schema.items ? ofSchema(schema.items, `${path}.items`, depth + 1) : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, each]) =>
      ofSchema(each, `${path}.properties.${name}`, depth + 1),
    ),
  ];
}

function ofRanges(schema: JsonSchema, path: string): readonly string[] {
  const isEmpty = (least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY) => least > most;
  return messagesOf([
    [isEmpty(schema.minLength, schema.maxLength), `${path}.minLength: is above maxLength; use a smaller one.`],
    [isEmpty(schema.minimum, schema.maximum), `${path}.minimum: is above maximum; use a smaller one.`],
    [isEmpty(schema.minItems, schema.maxItems), `${path}.minItems: is above maxItems; use a smaller one.`],
  ]);
}

function ofSignatureInBody(signature: CustomSignature, { id, batch }: CustomEvent): readonly string[] {
  if (!('pointer' in signature)) return [];
  if (signature.algorithm === 'token') {
    const isDeep = (pointer: string) => batch !== undefined && readPointer(pointer)?.length !== 1;
    return messagesOf([
      [isDeep(batch ?? ''), 'event.batch: with a token in each item, use a pointer of one name, such as "/value".'],
      [
        isDeep(signature.pointer),
        'signature.pointer: with a batch, the token is in a field of the item itself; use a pointer of one name, such as "/token".',
      ],
    ]);
  }
  const isSignedId = 'pointer' in id && id.pointer === signature.id.pointer;
  return messagesOf([
    [
      !isSignedId,
      'event.id: must be signature.id, because nothing else of the body is signed, and a captured signature could carry another event.',
    ],
    [batch !== undefined, 'event.batch: a signature in the body covers one id, and so one event; leave it out.'],
  ]);
}

/**
 * What is verified in the body is read from JSON. With a form, the signature would be read from the JSON of a body, and the
 * event from the same bytes as a form, so that a captured signature could carry another event.
 */
function ofForm(signature: CustomSignature, { contentTypes = [] }: CustomEvent): readonly string[] {
  const isTimeInBody =
    'timestamp' in signature && signature.timestamp !== undefined && 'pointer' in signature.timestamp;
  const readsJson = 'pointer' in signature || isTimeInBody;
  return messagesOf([
    [
      readsJson && contentTypes.includes(FORM_TYPE),
      `event.contentTypes: "${FORM_TYPE}" is no JSON, which signature.${'pointer' in signature ? 'pointer' : 'timestamp.pointer'} is read from; leave it out, or use a header.`,
    ],
  ]);
}

/** The headers that an event is read from are kept with it in quarantine, and its values in the item and in the log. */
function ofExposure(signature: CustomSignature, event: CustomEvent): readonly string[] {
  const secret = new Set(signatureHeaders(signature).map((name) => name.toLowerCase()));
  const token = signature.algorithm === 'token' && 'pointer' in signature ? signature.pointer : undefined;
  return placesOf(event).flatMap(([path, place]) =>
    messagesOf([
      [
        'header' in place && secret.has(place.header.toLowerCase()),
        `${path}.header: is the header of the signature, which is never stored; use another.`,
      ],
      ['pointer' in place && place.pointer === token, `${path}.pointer: is the token, which is a secret; use another.`],
    ]),
  );
}

function signatureHeaders(signature: CustomSignature): readonly string[] {
  if (signature.algorithm === 'basic') return ['Authorization'];
  return 'header' in signature ? [signature.header].flat() : [];
}
