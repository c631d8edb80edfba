import { type Confidential, secretForms } from './confidential.ts';

/** The shortest part of a token that is left out, in characters. */
const PART = 8;

/**
 * Leaves out the parts of a token: a response may repeat a token that the probe has changed, such as one that is cut off.
 * A signature has no part of its secret.
 */
export function withoutTokenParts(text: string, confidential: Pick<Confidential, 'secrets' | 'tokens'>): string {
  if (confidential.tokens.size === 0) return text;
  const parts = new Set(secretForms(confidential).flatMap(partsOf));
  const shown: string[] = [];
  let hiddenTo = 0;
  for (let at = 0; at < text.length; at += 1) {
    if (parts.has(text.slice(at, at + PART))) {
      if (at >= hiddenTo) shown.push('…');
      hiddenTo = at + PART;
    }
    if (at >= hiddenTo) shown.push(text.charAt(at));
  }
  return shown.join('');
}

function partsOf(token: string): readonly string[] {
  const count = Math.max(0, token.length - PART + 1);
  return Array.from({ length: count }, (_, start) => token.slice(start, start + PART));
}
