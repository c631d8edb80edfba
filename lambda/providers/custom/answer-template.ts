/** A part of the answer to a handshake. */
export type AnswerPart = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'challenge' | 'hmac' };

/**
 * Reads a template such as `sha256={hmac}`, once.
 * @returns the parts, or the first text in braces that is not a placeholder
 */
export function readAnswerTemplate(template: string): readonly AnswerPart[] | { readonly unknown: string } {
  const parts: AnswerPart[] = [];
  for (const piece of template.split(/(\{[^{}]*\}|[{}])/)) {
    if (piece === '{challenge}') parts.push({ kind: 'challenge' });
    else if (piece === '{hmac}') parts.push({ kind: 'hmac' });
    else if (/^[{}]/.test(piece)) return { unknown: piece };
    else if (piece !== '') parts.push({ kind: 'text', text: piece });
  }
  return parts;
}
