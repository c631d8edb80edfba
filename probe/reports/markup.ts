import { printable } from '../../cli/printable.ts';

/** HTML or XML that is already escaped. */
export class Markup {
  readonly text: string;

  /** @param text trusted text: not from an endpoint */
  constructor(text: string) {
    this.text = text;
  }
}

type MarkupValue = string | number | Markup | readonly MarkupValue[];

/**
 * A template of HTML or XML. Values are made {@link printable} and escaped for elements and quoted attributes, unless
 * they are {@link Markup}.
 */
export function markup(parts: TemplateStringsArray, ...values: readonly MarkupValue[]): Markup {
  return new Markup(String.raw({ raw: parts }, ...values.map(inMarkup)));
}

function inMarkup(value: MarkupValue): string {
  if (value instanceof Markup) return value.text;
  if (Array.isArray(value)) return value.map(inMarkup).join('');
  return printable(String(value)).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

/** Entities of both XML and HTML. */
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
