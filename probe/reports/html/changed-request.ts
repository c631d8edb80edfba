import type { Exchange, Fragment } from '../../probe-report.ts';
import { type Markup, markup } from '../markup.ts';

/** A request, in which the differences from the genuine request are marked. */
export function changedRequest({ request, comparison }: Exchange): Markup {
  if (!comparison)
    return markup`<div><p class="label">Request</p>
<pre>${request}</pre></div>`;
  const isChanged = comparison.some(({ change }) => change);
  return markup`<div><p class="label">Request <span class="quiet">${isChanged ? LEGEND : 'the genuine one, unchanged'}</span></p>
<pre>${comparison.map(marked)}</pre></div>`;
}

const LEGEND = markup`changed from the genuine one: <ins>added</ins> <del>removed</del>`;

/** A line end stays outside of the mark, unless it is all that was changed. */
function marked({ text, change }: Fragment): Markup {
  if (!change) return markup`${text}`;
  if (/^\s+$/.test(text)) return inMark(visibleSpace(text), change);
  const [, line = '', end = ''] = /^(.*?)(\n?)$/s.exec(text) ?? [];
  return markup`${inMark(line, change)}${end}`;
}

/** Screen readers do not announce these elements. */
function inMark(text: string, change: 'added' | 'removed'): Markup {
  return change === 'added'
    ? markup`<ins><span class="hidden">added: </span>${text}</ins>`
    : markup`<del><span class="hidden">removed: </span>${text}</del>`;
}

function visibleSpace(text: string): string {
  return text.replaceAll(' ', '·').replaceAll('\t', '→').replaceAll('\r', '␍').replaceAll('\n', '⏎');
}
