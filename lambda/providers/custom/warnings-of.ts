import type { CustomDefinition } from './custom-definition.ts';
import { isSignedHeader, isTimeSigned } from './definition-facts.ts';
import { messagesOf } from './rule.ts';

/**
 * The weak choices of a valid definition, each with its path and what it means: for warnings at synth, and for docs. A weak
 * choice is right if the sender offers nothing else.
 */
export function warningsOf(definition: CustomDefinition): readonly string[] {
  const { signature } = definition;
  return signature.algorithm === 'token' || signature.algorithm === 'basic'
    ? ofCredentials(definition)
    : ofSignature(definition);
}

function ofCredentials({ signature, event }: CustomDefinition): readonly string[] {
  return messagesOf([
    [
      true,
      'signature.algorithm: a token and a password sign nothing, so whoever sees one request can send others. Use a signature if the sender offers one.',
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

function ofSignature(definition: CustomDefinition): readonly string[] {
  const { signature, event } = definition;
  const unsigned = unsignedIdHeaders(definition);
  return messagesOf([
    [
      signature.algorithm === 'hmac-sha1',
      'signature.algorithm: SHA-1 is broken for other uses. Use "hmac-sha256" if the sender offers it.',
    ],
    [
      'pointer' in signature,
      'signature.pointer: a signature in the body covers the timestamp and the id, but nothing else. Use a header if the sender offers one.',
    ],
    [
      !isTimed(definition) && !isTimeSigned(definition),
      'signature.timestamp: without one, a captured request stays valid, and is processed again once the item of its event has expired. Add it if the sender signs one, or add event.time if each event has one in its body.',
    ],
    [
      !isTimed(definition) && isTimeSigned(definition),
      'signature.timestamp: without one, a captured request stays valid. Only event.time bounds for how long, so require it in event.schema.',
    ],
    [
      unsigned.length > 0,
      `event.id: a captured request can be sent again with another value of ${unsigned.join(' or ')}, which is not signed. Use an id in the body, or add {header:…} to signature.content if the sender signs it.`,
    ],
    [
      'hash' in event.id,
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

/** Whether the signature covers a time of transmission. */
function isTimed({ signature }: CustomDefinition): boolean {
  if (signature.algorithm === 'jwt') return (signature.toleranceSeconds ?? signature.lifetimeSeconds) !== undefined;
  return 'timestamp' in signature && signature.timestamp !== undefined;
}
