import { type AnswerPart, readAnswerTemplate } from './answer-template.ts';
import type { CustomDefinition, CustomHandshake } from './custom-definition.ts';
import { FORM_TYPE, isHmac, isSignedHandshake, placesOf, readsContent } from './definition-facts.ts';
import { messagesOf, type Rule } from './rule.ts';

/** What contradicts itself in a handshake, or contradicts the signature. @param path such as `handshakes[0]` */
export function handshakeContradictions(
  handshake: CustomHandshake,
  definition: CustomDefinition,
  path: string,
): readonly string[] {
  const { method, when = [], challenge, secret } = handshake;
  const reads = readsContent(handshake);
  return [
    ...messagesOf([
      [
        reads && !secret && !isSignedHandshake(handshake),
        `${path}.signed: must be true, because the handshake reads the body, and nothing is parsed before its signature is verified.`,
      ],
      [reads && method !== 'POST', `${path}.method: a ${method} has no body; use "POST".`],
      [
        method === 'POST' && when.length === 0 && !challenge,
        `${path}.when: is needed, because every event would be taken for the handshake; name what tells it from an event.`,
      ],
    ]),
    ...(secret ? ofSecret(handshake, definition, path) : []),
    ...ofAnswer(handshake, definition, path),
  ];
}

/** An event must not be taken for a handshake that hands out the secret, which is answered before any signature is checked. */
function ofSecret(
  { challenge = { query: '' }, signed, answer }: CustomHandshake,
  { signature, event }: CustomDefinition,
  path: string,
) {
  const header = 'header' in challenge ? challenge.header.toLowerCase() : undefined;
  const stored = placesOf(event).filter(([, place]) => 'header' in place && place.header.toLowerCase() === header);
  return messagesOf([
    ...stored.map(
      ([where]): Rule => [
        true,
        `${where}.header: is the header of the secret in ${path}, which is never stored; use another.`,
      ],
    ),
    [
      'query' in challenge,
      `${path}.challenge: must be the place of the secret, in a header or in the body; a query string is in access logs.`,
    ],
    [
      'keySetUrl' in signature,
      `${path}.secret: leave it out, because with signature.keySetUrl the source has no secret.`,
    ],
    [signed === true, `${path}.signed: leave it out, because nothing verifies before the secret is known.`],
    [
      'header' in challenge && !('header' in signature),
      `${path}.challenge: a secret in a header needs a signature in a header, whose absence tells the handshake from an event.`,
    ],
    [
      JSON.stringify(answer).includes('{hmac}'),
      `${path}.answer: {hmac} needs the secret of the source, which is not known yet.`,
    ],
  ]);
}

function ofAnswer(handshake: CustomHandshake, definition: CustomDefinition, path: string): readonly string[] {
  const { status } = handshake.answer;
  const hasNoBody = status === 204 || status === 205;
  const templates = textsOf(handshake, path).map(([where, text]) => [where, readAnswerTemplate(text)] as const);
  const kinds = new Set(templates.flatMap(([, parts]) => ('unknown' in parts ? [] : parts.map(({ kind }) => kind))));
  const unknown = templates.flatMap(([where, parts]) =>
    'unknown' in parts
      ? [
          `${where}: ${JSON.stringify(parts.unknown)} is no placeholder; use {challenge} or {hmac}, or answer with "json".`,
        ]
      : [],
  );
  const ofAnswer = messagesOf([
    [
      hasNoBody && ('json' in handshake.answer || (handshake.answer.text ?? '') !== ''),
      `${path}.answer.status: a response with the status ${status} has no body; use 200, or leave out what it says.`,
    ],
    [
      'header' in handshake.answer && !handshake.secret,
      `${path}.answer.header: repeats a secret alone; set secret to true, or leave it out.`,
    ],
  ]);
  return [
    ...unknown,
    ...ofAnswer,
    ...ofChallenge(handshake, kinds, path),
    ...(kinds.has('hmac') ? ofHmac(definition, path) : []),
  ];
}

function textsOf({ answer }: CustomHandshake, path: string): readonly (readonly [string, string])[] {
  if (!('json' in answer)) return [[`${path}.answer.text`, answer.text ?? '']];
  return Object.entries(answer.json).flatMap(([name, value]) =>
    typeof value === 'string' ? [[`${path}.answer.json.${name}`, value] as const] : [],
  );
}

function ofChallenge({ challenge }: CustomHandshake, kinds: ReadonlySet<AnswerPart['kind']>, path: string) {
  const needs = kinds.has('challenge') || kinds.has('hmac');
  return messagesOf([
    [
      needs && !challenge,
      `${path}.challenge: is needed for {challenge} and {hmac}; name its place, such as { query: "challenge" }.`,
    ],
  ]);
}

/** A handshake signs text that its caller chooses. It must never be the signed content of an event. */
function ofHmac({ signature, event }: CustomDefinition, path: string): readonly string[] {
  return messagesOf([
    [!isHmac(signature), `${path}.answer: {hmac} needs a signature with an HMAC, such as "hmac-sha256".`],
    [
      'pointer' in signature || (event.contentTypes ?? []).includes(FORM_TYPE),
      `${path}.answer: {hmac} is made with the key of the events, which therefore are JSON and signed as a whole; leave out forms and signatures in the body.`,
    ],
  ]);
}
