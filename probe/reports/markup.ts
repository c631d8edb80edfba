import { printable } from './printable.ts';

/** HTML or XML that needs no more escaping. */
export class Markup {
  readonly text: string;

  /** @param text trusted: nothing that an endpoint sent */
  constructor(text: string) {
    this.text = text;
  }
}

type MarkupValue = string | number | Markup | readonly MarkupValue[];

/**
 * A template of HTML or XML: what is put in is made {@link printable} and escaped, for elements as for quoted
 * attributes, unless it is {@link Markup}.
 */
export function markup(parts: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  return new Markup(String.raw({ raw: parts }, ...values.map(inMarkup)));
}

function inMarkup(value: MarkupValue): string {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(inMarkup).join('');
  return printable(String(value)).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Known to XML as they are to HTML. */
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
