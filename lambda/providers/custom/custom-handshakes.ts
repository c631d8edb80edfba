import { handedOutSecret } from '../../signature/handed-out-secret.ts';
import { isJsonObject, jsonValue } from '../../signature/json-body.ts';
import { type JsonPath, readPointer, valueAt } from '../../signature/json-pointer.ts';
import { onlyValue } from '../../signature/signed-request.ts';
import { isSameText } from '../../signature/token.ts';
import {
  type HandedOut,
  type HandOut,
  type HandOutRequest,
  type Handshake,
  type HandshakeRequest,
  type Handshakes,
  handsOut,
  jsonAnswer,
  MAX_UNSIGNED_BODY_BYTES,
  type ProviderResponse,
  plainToken,
} from '../handshake.ts';
import { type AnswerPart, readAnswerTemplate } from './answer-template.ts';
import type { CustomDefinition, CustomHandshake, HandshakeCondition } from './custom-definition.ts';
import { hmacOf } from './custom-signature.ts';
import { isHmac, isSignedHandshake, signsChallenges } from './definition-facts.ts';

type Place = NonNullable<CustomHandshake['challenge']>;

/** The parts of a request that values are read from. */
type PlacedRequest = Pick<HandshakeRequest, 'query' | 'headers' | 'content'>;

/** The longest challenge, in characters. Microsoft Graph's have a few hundred. */
const MAX_CHALLENGE = 1_024;

/** Signs a challenge with the source's secret; undefined if the signature is no HMAC. */
type Sign = ((challenge: string, secret: string) => string) | undefined;

/** The handshakes of a valid definition. */
export function customHandshakes({ signature, handshakes = [] }: CustomDefinition): {
  readonly handshakes?: Handshakes;
} {
  if (handshakes.length === 0) return {};
  const algorithm = isHmac(signature) ? hmacOf(signature) : undefined;
  const sign: Sign = algorithm && ((challenge, secret) => algorithm.sign([challenge], secret));
  const handOut = handshakes.filter(({ secret }) => secret);
  const unsigned = handshakes.filter((each) => !each.secret && !isSignedHandshake(each));
  const signed = handshakes.filter(isSignedHandshake);
  return {
    handshakes: {
      ...(handOut.length > 0 && { handOut: firstHandOutOf(handOut, signature) }),
      ...(signsChallenges(handshakes) && { signsChallenge: true }),
      ...(unsigned.length > 0 && { unsigned: firstOf(unsigned, sign) }),
      ...(signed.length > 0 && { signed: firstOf(signed, sign) }),
    },
  };
}

/** The methods of a definition: handshakes come with others than POST. */
export function methodsOf({ handshakes = [] }: CustomDefinition): readonly string[] {
  return [...new Set(['POST', ...handshakes.map(({ method }) => method)])];
}

function firstOf(handshakes: readonly CustomHandshake[], sign: Sign): Handshake {
  const answers = handshakes.map((handshake) => answerTo(handshake, sign));
  return (request) => {
    for (const answer of answers) {
      const response = answer(request);
      if (response) return response;
    }
    return undefined;
  };
}

function answerTo(handshake: CustomHandshake, sign: Sign): (request: HandshakeRequest) => ProviderResponse | undefined {
  const { method, when = [], challenge } = handshake;
  const conditions = when.map(condition);
  const read = challenge && challengeReader(challenge, when.length === 0);
  const respond = responder(handshake.answer, sign);
  return (request) => {
    if (request.method !== method || !conditions.every((holds) => holds(request))) return undefined;
    const sent = read ? plainToken(read(request), MAX_CHALLENGE) : '';
    return sent === undefined ? undefined : respond(sent, request.secret);
  };
}

function firstHandOutOf(handshakes: readonly CustomHandshake[], signature: CustomDefinition['signature']): HandOut {
  const readers = handshakes.map((handshake) => handOutReader(handshake, signature));
  return handsOut({
    check: 'Compare it with the secret that the sender shows you, or ask the sender.',
    read(request) {
      const content = request.body.length <= MAX_UNSIGNED_BODY_BYTES ? jsonValue(request.body) : undefined;
      for (const read of readers) {
        const handedOut = read({ ...request, content });
        if (handedOut) return handedOut;
      }
      return undefined;
    },
  });
}

/** An event that repeats the header of its secret has a signature, so it is no handshake. */
function handOutReader(
  { method, when = [], challenge = { query: '' }, answer }: CustomHandshake,
  signature: CustomDefinition['signature'],
): (request: HandOutRequest & PlacedRequest) => HandedOut | undefined {
  const conditions = when.map(condition);
  const read = challengeReader(challenge, when.length === 0);
  const respond = responder(answer, undefined);
  const eventHeaders = 'header' in challenge && 'header' in signature ? [signature.header].flat() : [];
  const repeated = 'header' in answer ? answer.header : undefined;
  return (request) => {
    if (request.method !== method || !conditions.every((holds) => holds(request))) return undefined;
    if (eventHeaders.some((name) => request.headers.has(name.toLowerCase()))) return undefined;
    const secret = handedOutSecret(read(request));
    if (secret === undefined) return undefined;
    return { secret, response: respond(secret, ''), ...(repeated !== undefined && { header: repeated }) };
  };
}

/** What is compared may be a token that only the sender knows. */
function condition(place: HandshakeCondition): (request: PlacedRequest) => boolean {
  const read = placeReader(place);
  return (request) => {
    const value = read(request);
    return typeof value === 'string' && typeof place.equals === 'string'
      ? isSameText(value, place.equals)
      : value === place.equals;
  };
}

/** Without a condition, an event with a field of this name differs from the handshake by its other fields. */
function challengeReader(place: Place, isAlone: boolean): (request: PlacedRequest) => unknown {
  const read = placeReader(place);
  if (!isAlone || !('pointer' in place)) return read;
  return (request) => (isOnlyField(request.content) ? read(request) : undefined);
}

const isOnlyField = (content: unknown) => isJsonObject(content) && Object.keys(content).length === 1;

function placeReader(place: Place): (request: PlacedRequest) => unknown {
  if ('query' in place) return ({ query }) => onlyParameter(query, place.query);
  if ('header' in place) return ({ headers }) => onlyValue(headers, place.header.toLowerCase());
  const path: JsonPath = readPointer(place.pointer) ?? [];
  return ({ content }) => valueAt(content, path);
}

function onlyParameter(query: URLSearchParams, name: string): string | undefined {
  const [value, ...others] = query.getAll(name);
  return others.length === 0 ? value : undefined;
}

function responder(
  answer: CustomHandshake['answer'],
  sign: Sign,
): (challenge: string, secret: string) => ProviderResponse {
  const { status = 200 } = answer;
  if ('json' in answer) {
    const values = Object.entries(answer.json).map(([name, value]) => [name, valueFrom(value, sign)] as const);
    return (challenge, secret) => {
      const body = Object.fromEntries(values.map(([name, fill]) => [name, fill(challenge, secret)]));
      return { ...jsonAnswer(body), status };
    };
  }
  const { contentType, text = '' } = answer;
  const fill = valueFrom(text, sign);
  return (challenge, secret) => ({
    status,
    ...(contentType !== undefined && { contentType }),
    body: String(fill(challenge, secret)),
  });
}

function valueFrom(value: string | number | boolean, sign: Sign): (challenge: string, secret: string) => unknown {
  const parts = typeof value === 'string' ? readAnswerTemplate(value) : [];
  if (typeof value !== 'string' || 'unknown' in parts) return () => value;
  return (challenge, secret) => parts.map((part) => partFrom(part, challenge, secret, sign)).join('');
}

function partFrom(part: AnswerPart, challenge: string, secret: string, sign: Sign): string {
  if (part.kind === 'text') return part.text;
  return part.kind === 'challenge' ? challenge : (sign?.(challenge, secret) ?? '');
}
