import type { CheckResult, Exchange } from '../../probe-report.ts';
import { type Markup, markup } from '../markup.ts';
import { exchangeDetails } from './exchange-details.ts';
import { severityBadge } from './severity-badge.ts';

/** A failed check, with its first unexpected response open. */
export function failedCheck({ id, title, failedTitle, severity, detail, why, fix, exchanges }: CheckResult): Markup {
  const open = firstUnexpected(exchanges);
  return markup`<article class="check ${severity}" id="${id}" aria-labelledby="title-${id}">
<h3 id="title-${id}">${failedTitle} ${severityBadge(severity)}</h3>
<p class="quiet"><code>${id}</code> Required: ${title}</p>
<p>${detail}</p>
<dl class="advice">
<div><dt>Why it matters</dt><dd>${why}</dd></div>
<div><dt>What to do</dt><dd>${fix}</dd></div>
</dl>
${exchanges.length === 0 ? '' : markup`<h4>Requests and responses</h4>`}
${exchanges.map((exchange) => exchangeDetails(exchange, exchange === open))}</article>
`;
}

/** Where a check judges its responses together, none is unexpected alone. */
function firstUnexpected(exchanges: readonly Exchange[]): Exchange | undefined {
  return exchanges.find(({ verdict }) => verdict === 'failed') ?? exchanges[0];
}
