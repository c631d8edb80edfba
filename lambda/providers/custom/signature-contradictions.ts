import type { Encoding } from '../../signature/algorithm.ts';
import {
  ambiguousPart,
  PLACEHOLDERS,
  readTemplate,
  type SignedTemplate,
  type TemplatePart,
} from '../../signature/signed-template.ts';
import type { CustomSignature, SignatureInBody, SignatureInHeaders } from './custom-definition.ts';
import { jwtContradictions } from './jwt-contradictions.ts';
import { messagesOf } from './rule.ts';

type Kind = TemplatePart['kind'];

/** What contradicts itself in a signature whose fields are valid, each with its path. */
export function signatureContradictions(signature: CustomSignature): readonly string[] {
  if (signature.algorithm === 'basic') return [];
  if (signature.algorithm === 'jwt') return jwtContradictions(signature);
  if (signature.algorithm === 'token') return [];
  return 'pointer' in signature ? ofBody(signature) : ofHeaders(signature, signature.encoding ?? 'hex');
}

/** @param refuse what is wrong with a placeholder of the template, if anything is */
function ofTemplate(content: string, refuse: (kind: Kind) => string | undefined): readonly string[] {
  const template = readTemplate(content);
  if ('unknown' in template) {
    const placeholders = PLACEHOLDERS.join(', ');
    const isUnclosed = template.unknown === '{';
    const fault = isUnclosed ? 'has "{" without the "}" of a' : `${JSON.stringify(template.unknown)} is no`;
    return [`signature.content: ${fault} placeholder; use ${placeholders}.`];
  }
  const kinds = [...new Set(template.map(({ kind }) => kind))];
  const refused = kinds.map(refuse).filter((message) => message !== undefined);
  return [...refused.map((message) => `signature.content: ${message}`), ...ofParts(template)];
}

function ofParts(template: SignedTemplate): readonly string[] {
  const part = ambiguousPart(template);
  const name = part?.kind === 'header' ? `header:${part.name}` : part?.kind;
  return messagesOf([
    [
      part !== undefined,
      `signature.content: nothing separates {${name}} from what is next to it, so characters could move between the two; write text between them, such as ".".`,
    ],
    [
      template.filter(({ kind }) => kind === 'body').length > 1,
      'signature.content: has {body} more than once; use it once.',
    ],
    [template.length > 20, 'signature.content: has more than 20 parts; leave some out.'],
  ]);
}

/** Whether a template has a placeholder; true for one that cannot be read, which has its own message. */
function covers(content: string, wanted: Kind): boolean {
  const template = readTemplate(content);
  return 'unknown' in template || template.some(({ kind }) => kind === wanted);
}

function ofBody({ content, pointer, timestamp, id }: SignatureInBody): readonly string[] {
  const isKnown = (kind: Kind) => kind === 'text' || kind === 'timestamp' || kind === 'id';
  return [
    ...ofTemplate(content, (kind) =>
      isKnown(kind)
        ? undefined
        : `a signature in the body cannot cover {${kind}}; use {timestamp} and {id}, and put nothing else in braces.`,
    ),
    ...messagesOf([
      [
        !covers(content, 'timestamp'),
        'signature.content: has no {timestamp}, so signature.timestamp is not signed; add it.',
      ],
      [!covers(content, 'id'), 'signature.content: has no {id}, so signature.id is not signed; add it.'],
      [
        new Set([pointer, timestamp.pointer, id.pointer]).size < 3,
        'signature.pointer: the signature, the timestamp and the id are three values; use three pointers.',
      ],
    ]),
  ];
}

function ofHeaders(signature: SignatureInHeaders, encoding: Encoding): readonly string[] {
  const { content = '{body}' } = signature;
  return [
    ...ofTemplate(content, (kind) => unavailable(kind, signature)),
    ...ofCoverage(content, signature),
    ...ofSeparator(signature, encoding),
    ...ofNames(signature),
  ];
}

function unavailable(kind: Kind, { timestamp, id }: SignatureInHeaders): string | undefined {
  if (kind === 'id' && !id) return '{id} needs signature.id: name its header, such as { header: "Webhook-Id" }.';
  if (kind !== 'timestamp') return undefined;
  if (!timestamp) return '{timestamp} needs signature.timestamp: name its place, such as { header: "X-Timestamp" }.';
  return 'pointer' in timestamp ? '{timestamp} is in the body, which is signed as a whole; leave it out.' : undefined;
}

function ofCoverage(content: string, { timestamp, id }: SignatureInHeaders): readonly string[] {
  const isBesideBody = timestamp !== undefined && !('pointer' in timestamp);
  return messagesOf([
    [
      !covers(content, 'body'),
      'signature.content: has no {body}, so a captured signature would count for any body; add it.',
    ],
    [
      isBesideBody && !covers(content, 'timestamp'),
      'signature.content: has no {timestamp}, so signature.timestamp is not signed and anyone could change it; add it, or leave out signature.timestamp.',
    ],
    [
      id !== undefined && !covers(content, 'id'),
      'signature.content: has no {id}, so signature.id is not signed; add it, or leave out signature.id.',
    ],
  ]);
}

const ALPHABETS: Readonly<Record<Encoding, RegExp>> = {
  hex: /[0-9a-f]/i,
  base64: /[A-Za-z0-9+/=]/,
  base64url: /[\w=-]/,
};

function ofSeparator({ separator, prefix = '', timestamp }: SignatureInHeaders, encoding: Encoding) {
  const separators = [separator ?? []].flat();
  const unusable = separators.find((each) => ALPHABETS[encoding].test(each));
  const timePrefix = timestamp && 'prefix' in timestamp ? timestamp.prefix : undefined;
  const isAlike = timePrefix !== undefined && (prefix.startsWith(timePrefix) || timePrefix.startsWith(prefix));
  const prefixes = `${prefix}\n${timePrefix ?? ''}`;
  return messagesOf([
    [
      timePrefix !== undefined && separators.length === 0,
      'signature.separator: is needed to find the part that begins with signature.timestamp.prefix; use ",", for example.',
    ],
    [
      isAlike,
      'signature.prefix: cannot be told from signature.timestamp.prefix; use the names of the two parts, such as "v1=" and "t=".',
    ],
    [
      unusable !== undefined,
      `signature.separator: ${JSON.stringify(unusable)} has a character that a signature in ${encoding} may have; use another.`,
    ],
    [
      separators.some((each) => prefixes.includes(each)),
      'signature.separator: is in a prefix, which would be split; leave it out of the prefix.',
    ],
  ]);
}

function ofNames({ header, timestamp, id }: SignatureInHeaders): readonly string[] {
  const ofTime = timestamp && 'header' in timestamp ? [timestamp.header] : [];
  const names = [header, ...ofTime, id?.header ?? []].flat().map((name) => name.toLowerCase());
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  return messagesOf([
    [repeated !== undefined, `signature.header: "${repeated}" is named twice; name a header for each value.`],
  ]);
}
