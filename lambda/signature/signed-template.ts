import type { SignedContent } from './algorithm.ts';
import type { Claim } from './carrier.ts';
import { onlyValue, type SignedRequest } from './signed-request.ts';

/** A part of a template: text, or the place of a value that differs between requests. */
export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'body' | 'timestamp' | 'id' | 'url' | 'method' }
  | { readonly kind: 'header'; readonly name: string };

/** A template of signed content, in its parts. */
export type SignedTemplate = readonly TemplatePart[];

/** The placeholders of a template. The name of a header follows the colon. */
export const PLACEHOLDERS = ['{body}', '{timestamp}', '{id}', '{url}', '{method}', '{header:…}'] as const;

const KINDS = ['body', 'timestamp', 'id', 'url', 'method'] as const;

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
const HEADER = /^header:([\w!#$%&'*+.^`|~-]+)$/;

/**
 * Reads a template such as `{timestamp}.{body}`, once: no request is searched for placeholders.
 * @returns the parts, or the first text in braces that is not a placeholder
 */
export function readTemplate(template: string): SignedTemplate | { readonly unknown: string } {
  const parts: TemplatePart[] = [];
  for (const piece of template.split(/(\{[^{}]*\}|[{}])/)) {
    const part = toPart(piece);
    if (part === undefined) return { unknown: piece };
    if (piece !== '') parts.push(part);
  }
  return parts;
}

function toPart(piece: string): TemplatePart | undefined {
  if (!/^[{}]/.test(piece)) return { kind: 'text', text: piece };
  const name = piece.slice(1, -1);
  const kind = KINDS.find((each) => each === name);
  if (kind) return { kind };
  const header = HEADER.exec(name)?.[1];
  return header === undefined ? undefined : { kind: 'header', name: header.toLowerCase() };
}

/** Whether a request may have any value in the place. A timestamp is in its format, a URL and a method are known. */
const isFree = ({ kind }: TemplatePart) => kind === 'id' || kind === 'header';

/** Text separates two values. A timestamp does too: with a digit more or less, it is out of any tolerance. */
const isSeparator = ({ kind }: TemplatePart) => kind === 'text' || kind === 'timestamp';

/**
 * The first placeholder whose value could take characters from its neighbour, or give some to it, because nothing separates
 * the two: a signature would then count for other values too.
 */
export function ambiguousPart(template: SignedTemplate): TemplatePart | undefined {
  return template.find((part, index) => {
    const neighbour = template[neighbourOf(template, index)];
    return isFree(part) && neighbour !== undefined && !isSeparator(neighbour);
  });
}

/** Before the body, a value ends where the next part begins. After it, a value begins where the part before it ends. */
function neighbourOf(template: SignedTemplate, index: number): number {
  return isAfterBody(template, index) ? index - 1 : index + 1;
}

const isAfterBody = (template: SignedTemplate, index: number) =>
  template.slice(0, index).some(({ kind }) => kind === 'body');

/** Whether a value can be at its place: it is not empty, and its end is clear. */
type IsClear = (value: string) => boolean;

function isClearAt(template: SignedTemplate, index: number): IsClear {
  const neighbour = template[neighbourOf(template, index)];
  const separator = neighbour?.kind === 'text' ? neighbour.text : '';
  if (separator === '') return (value) => value !== '';
  if (isAfterBody(template, index))
    return (value) => value !== '' && `${separator}${value}`.lastIndexOf(separator) === 0;
  return (value) => value !== '' && `${value}${separator}`.indexOf(separator) === value.length;
}

/**
 * The signed content of requests.
 * @returns undefined for a request that lacks one of the values, or if a value holds the text that separates it from the next
 */
export function templateContent(
  template: SignedTemplate,
): (request: SignedRequest, claim: Claim) => SignedContent | undefined {
  const parts = template.map((part, index) => ({
    part,
    isClear: isFree(part) ? isClearAt(template, index) : undefined,
  }));
  return (request, claim) => {
    const content: (string | Buffer)[] = [];
    for (const { part, isClear } of parts) {
      const value = valueIn(part, request, claim);
      if (value === undefined || isClear?.(String(value)) === false) return undefined;
      content.push(value);
    }
    return content;
  };
}

function valueIn(part: TemplatePart, request: SignedRequest, { timestamp, id }: Claim): string | Buffer | undefined {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'header':
      return onlyValue(request.headers, part.name);
    case 'timestamp':
      return timestamp;
    case 'id':
      return id;
    default:
      return request[part.kind];
  }
}
