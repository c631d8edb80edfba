import type { CheckResult } from '../../probe-report.ts';
import { type Markup, markup } from '../markup.ts';
import { exchangeDetails } from './exchange-details.ts';
import { VERDICT_MARKS } from './verdict-marks.ts';

/**
 * A check that did not fail; why it was not decided can be read without unfolding it. The anchor is inside, so that a
 * browser unfolds the check when a link leads there.
 */
export function foldedCheck({ id, title, severity, verdict, detail, why, fix, exchanges }: CheckResult): Markup {
  const isPassed = verdict === 'passed';
  const reason = isPassed ? '' : markup` <span class="reason">${detail}</span>`;
  return markup`<details class="folded">
<summary>${VERDICT_MARKS[verdict]} <span class="title">${title}${reason}</span> <span class="quiet">${severity}</span></summary>
<div class="check" id="${id}">
<p class="quiet"><code>${id}</code></p>
${isPassed ? markup`<p>${detail}</p>` : ''}
<dl class="advice">
<div><dt>Why it matters</dt><dd>${why}</dd></div>
<div><dt>What to do</dt><dd>${fix}</dd></div>
</dl>
${exchanges.map((exchange) => exchangeDetails(exchange, false))}</div>
</details>
`;
}
