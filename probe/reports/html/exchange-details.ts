import type { CurlCommand, Exchange } from '../../probe-report.ts';
import { duration } from '../duration.ts';
import { Markup, markup } from '../markup.ts';
import { changedRequest } from './changed-request.ts';
import { VERDICT_MARKS } from './verdict-marks.ts';

/** A request with its response, which a reader can fold and unfold. */
export function exchangeDetails(exchange: Exchange, isOpen: boolean): Markup {
  const { what, verdict, status, milliseconds, expected, response, command } = exchange;
  const open = isOpen ? new Markup(' open') : '';
  const mark = verdict ? VERDICT_MARKS[verdict] : '';
  return markup`<details class="exchange"${open}>
<summary>${mark} <span class="title">${capitalized(what)}</span> <span class="quiet">${status ?? 'no response'}, ${duration(milliseconds)}</span></summary>
<div class="sides">
${changedRequest(exchange)}
<div><p class="label">Response</p>
<pre>${response}</pre>
${
  expected === undefined
    ? ''
    : markup`<p class="label">Expected</p>
<p>${expected}</p>`
}</div>
</div>
${commandOf(command, what)}</details>
`;
}

const capitalized = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** The button has no effect without the script, which shows it. */
function commandOf({ text, note }: CurlCommand, what: string): Markup {
  const hint = note === undefined ? '' : markup`<p class="quiet">${note}</p>`;
  if (text === undefined) return markup`<div class="curl">${hint}</div>`;
  return markup`<div class="curl">
<button type="button" hidden aria-label="Copy as curl: ${what}">Copy as curl</button>
<details><summary>curl command</summary>
<pre><code>${text}</code></pre></details>
${hint}</div>
`;
}
