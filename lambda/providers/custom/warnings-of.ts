import type { CustomDefinition, JwtSignature } from './custom-definition.ts';
import { holdsSecret, isOfTemplate, isSignedHeader, isTimeSigned, isTransmissionTimed } from './definition-facts.ts';
import { messagesOf } from './rule.ts';

/**
 * The weak choices of a valid definition, each with its path and what it means: for warnings at synth, and for docs. A weak
 * choice is right if the sender offers nothing else.
 */
export function warningsOf(definition: CustomDefinition): readonly string[] {
  const { signature } = definition;
  if (holdsSecret(signature)) return ofToken(definition);
  return [
    ...(signature.algorithm === 'jwt' ? ofJwt(signature) : ofSignature(definition)),
    ...ofReplay(definition),
    ...ofId(definition),
  ];
}

function ofToken({ signature, event }: CustomDefinition): readonly string[] {
  return messagesOf([
    [
      signature.algorithm === 'basic',
      'signature.algorithm: basic authentication signs nothing, so whoever sees one request can send others. Use a signature if the sender offers one.',
    ],
    [
      signature.algorithm === 'token',
      'signature.algorithm: a token signs nothing, so whoever sees one request can send others. Use a signature if the sender offers one.',
    ],
    [
      'query' in signature,
      'signature.query: proxies and logs may keep a token in a URL. Use a header if the sender offers one.',
    ],
    [
      'pointer' in signature && event.batch === undefined,
      'signature.pointer: the token is stored with the payload. Use a header if the sender offers one.',
    ],
  ]);
}

function ofJwt({ bodyHash }: JwtSignature): readonly string[] {
  return messagesOf([
    [
      bodyHash === undefined,
      'signature.bodyHash: without one, the token covers no part of the body, so whoever sees one request can send others. Add it if a claim has a hash of the body.',
    ],
  ]);
}

function ofSignature({ signature }: CustomDefinition): readonly string[] {
  return messagesOf([
    [
      signature.algorithm === 'hmac-sha1',
      'signature.algorithm: SHA-1 is broken for other uses. Use "hmac-sha256" if the sender offers it.',
    ],
    [
      'pointer' in signature,
      'signature.pointer: a signature in the body covers the timestamp and the id, but nothing else. Use a header if the sender offers one.',
    ],
  ]);
}

function ofReplay(definition: CustomDefinition): readonly string[] {
  const { signature } = definition;
  if (isTransmissionTimed(signature)) return [];
  const path = signature.algorithm === 'jwt' ? 'signature.toleranceSeconds' : 'signature.timestamp';
  const remedy = signature.algorithm === 'jwt' ? 'Add it if a token has "iat"' : 'Add it if the sender signs one';
  return messagesOf([
    [
      !isTimeSigned(definition),
      `${path}: without one, a captured request stays valid, and is processed again once the item of its event has expired. ${remedy}, or add event.time if each event has one in its body.`,
    ],
    [
      isTimeSigned(definition),
      `${path}: without one, a captured request stays valid. Only event.time bounds for how long, so require it in event.schema.`,
    ],
  ]);
}

function ofId(definition: CustomDefinition): readonly string[] {
  const unsigned = unsignedIdHeaders(definition);
  const signIt = isOfTemplate(definition.signature)
    ? ', or add {header:…} to signature.content if the sender signs it'
    : '';
  return messagesOf([
    [
      unsigned.length > 0,
      `event.id: a captured request can be sent again with another value of ${unsigned.join(' or ')}, which is not signed. Use an id in the body${signIt}.`,
    ],
    [
      'hash' in definition.event.id,
      'event.id: two events of the same bytes are one event, and a retry with other bytes is another. Use an id if each event has one.',
    ],
  ]);
}

function unsignedIdHeaders(definition: CustomDefinition): readonly string[] {
  const { id } = definition.event;
  if ('hash' in id) return [];
  const names = [id].flat().flatMap((place) => ('header' in place ? [place.header] : []));
  return names.filter((name) => !isSignedHeader(definition, name));
}
