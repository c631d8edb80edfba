import type { DocComment } from '../declarations/doc-comment.ts';
import { tagsOf } from '../declarations/doc-comment.ts';
import { fence, list } from './markdown.ts';

const PAGE = /(?<![\w/`([])(?:docs\/([\w-]+(?:\/[\w-]+)*(?:\.md)?)|((?:README|SECURITY|CHANGELOG)\.md))(#[\w-]+)?/g;

/** The text of a doc comment on a page in docs: a paragraph per line, and paths of pages as links. */
export function textOf({ text }: DocComment): string {
  return linkPages(joinLines(text));
}

/** The same in a cell of a table, which is one line: paragraphs and the items of lists begin after a break. */
export function cellOf(text: string): string {
  return inCell(linkPages(joinLines(withoutFences(text.trim()))));
}

/** Markdown in one line of a table. */
export function inCell(text: string): string {
  const lines = text.replace(/^- /gm, '• ').replaceAll('|', '\\|');
  return lines.replace(/\n\n/g, '<br><br>').replaceAll('\n', '<br>');
}

/** The first sentence of a doc comment. */
export function firstSentence(doc: DocComment): string {
  const [paragraph = ''] = textOf(doc).split('\n');
  const [sentence = paragraph] = /^.*?\.(?=\s|$)/.exec(paragraph) ?? [];
  return sentence;
}

/** The examples of a doc comment. */
export function examplesIn(doc: DocComment): readonly string[] {
  return tagsOf(doc, 'example').map((text) => (text.includes('```') ? text : fence(text)));
}

/** A list of the parameters, the result and the errors of a call. */
export function callList(doc: DocComment, parameters: readonly string[] = describedParameters(doc)): string {
  const results = tagsOf(doc, 'returns').map((text) => `returns ${linkPages(joinLines(text))}`);
  const errors = tagsOf(doc, 'throws').map(
    (text) => `throws ${linkPages(joinLines(text.replace(/^\{(\w+)\}/, '`$1`')))}`,
  );
  return list([...tagsOf(doc, 'typeParam').map(named), ...parameters, ...results, ...errors]);
}

/** The parameters that a doc comment describes: `source name of the source`. */
function describedParameters(doc: DocComment): readonly string[] {
  return tagsOf(doc, 'param').map(named);
}

/** Links to the sources of a rule. */
export function sourcesIn(doc: DocComment): readonly string[] {
  return tagsOf(doc, 'see').map((url) => `See [${URL.parse(url)?.host ?? url}](${url}).`);
}

const named = (text: string) => linkPages(joinLines(text.replace(/^(\w+)\s+/, '`$1`: ')));

function linkPages(text: string): string {
  return text.replace(PAGE, (_, page: string | undefined, root: string | undefined, anchor: string = '') => {
    return page === undefined ? `[${root}](../${root}${anchor})` : `[docs/${page}](${page}${anchor})`;
  });
}

/** Doc comments are wrapped; the lines of code are not joined, and neither are the items of a list. */
function joinLines(text: string): string {
  const parts = text.split(/(^```[\s\S]*?^```$)/m);
  return parts
    .map((part) => (part.startsWith('```') ? part : part.replace(/([^\n])\n(?!\n|- |$)\s*/g, '$1 ')))
    .join('');
}

function withoutFences(text: string): string {
  return text.replace(/^```\w*\n([\s\S]*?)\n```$/gm, (_, lines: string) => lines.replace(/^(.+)$/gm, '- `$1`'));
}
