import type { CheckResult, Exchange, ProbeReport, Verdict } from '../probe-report.ts';
import { duration } from './duration.ts';
import { HTML_STYLE } from './html-style.ts';
import { Markup, markup } from './markup.ts';
import { checksOf, conclusionOf, type Summary, severitiesOf, summaryOf, VERDICTS } from './summary.ts';

const SECTIONS: Readonly<Record<Verdict, { mark: string; heading: string; meaning: string }>> = {
  failed: { mark: '✗', heading: 'Failed', meaning: 'These properties do not hold.' },
  inconclusive: {
    mark: '?',
    heading: 'Inconclusive',
    meaning: 'The responses do not show whether these properties hold.',
  },
  skipped: { mark: '–', heading: 'Skipped', meaning: 'These checks were not made.' },
  passed: { mark: '✓', heading: 'Passed', meaning: 'These properties hold.' },
};

/** Prevents the page from fetching and executing anything, even if an escape is missing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** Formats a report as one HTML file without scripts and external resources. */
export function toHtml(report: ProbeReport): string {
  const summary = summaryOf(report);
  const present = VERDICTS.filter((verdict) => summary.verdicts[verdict] > 0);
  const { text } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${conclusionOf(report, summary)}: ${report.url}</title>
<style>${new Markup(HTML_STYLE)}</style>
</head>
<body>
<a class="skip" href="#checks">Skip to the checks</a>
${pageHeader(report, summary)}
<nav aria-labelledby="contents"><div class="box">
<h2 id="contents">Checks</h2>
${present.map((verdict) => contents(report, verdict))}</div></nav>
<main id="checks">
${present.map((verdict) => section(report, verdict))}</main>
<footer class="muted">
<p>Written by webhook-inbox ${report.version}. The report contains no secrets and no valid signatures. Unprintable characters are
escaped, such as <code>\\u001b</code>.</p>
</footer>
</body>
</html>
`;
  return text;
}

function pageHeader(report: ProbeReport, summary: Summary): Markup {
  return markup`<header>
<div class="glance">
${donut(report, summary)}
<div>
<p class="kind">Webhook probe</p>
<h1>${conclusionOf(report, summary)}</h1>
<p><code>${report.url}</code></p>
${legend(summary)}</div>
</div>
<dl class="facts">
<div><dt>Signed as</dt><dd>${report.signature}</dd></div>
<div><dt>Started</dt><dd><time datetime="${report.startedAt}">${readableTime(report.startedAt)}</time></dd></div>
<div><dt>Requests</dt><dd>${report.requests} in ${duration(report.milliseconds)}</dd></div>
</dl>
</header>`;
}

/** A ring with an arc per verdict. Path lengths are percentages. */
function donut({ results }: ProbeReport, { verdicts }: Summary): Markup {
  let before = 0;
  const arcs = VERDICTS.map((verdict) => {
    const share = (100 * verdicts[verdict]) / Math.max(1, results.length);
    const start = before;
    before += share;
    return share === 0 ? '' : arc(verdict, start, share);
  });
  const label = VERDICTS.map((verdict) => `${verdicts[verdict]} ${verdict}`).join(', ');
  return markup`<svg viewBox="0 0 100 100" role="img" aria-label="${label}">
<circle class="ring empty" cx="50" cy="50" r="43"/>
${arcs}<text x="50" y="54">${verdicts.passed}/${results.length}</text><text class="small" x="50" y="68">passed</text>
</svg>`;
}

function arc(verdict: Verdict, start: number, share: number): Markup {
  const dashes = `${share.toFixed(3)} ${(100 - share).toFixed(3)}`;
  return markup`<circle class="ring ${verdict}" cx="50" cy="50" r="43" pathLength="100" stroke-dasharray="${dashes}" stroke-dashoffset="${(-start).toFixed(3)}" transform="rotate(-90 50 50)"/>
`;
}

function legend(summary: Summary): Markup {
  const items = VERDICTS.map((verdict) => {
    const severities = severitiesOf(summary);
    const which = verdict === 'failed' && severities ? ` (${severities})` : '';
    return markup`<li class="${verdict}">${mark(verdict)} ${summary.verdicts[verdict]} ${verdict}${which}</li>
`;
  });
  return markup`<ul class="legend">
${items}</ul>
`;
}

function mark(verdict: Verdict): Markup {
  return markup`<span class="mark ${verdict}" aria-hidden="true">${SECTIONS[verdict].mark}</span>`;
}

/** `2026-11-23T12:00:00.000Z` as `2026-11-23 12:00:00 UTC`. */
function readableTime(iso: string): string {
  return iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
}

function contents(report: ProbeReport, verdict: Verdict): Markup {
  const items = checksOf(report, verdict).map(
    ({ id, severity }) => markup`<li><a href="#${id}">${id}</a> <span class="muted">${severity}</span></li>
`,
  );
  return markup`<h3>${mark(verdict)} ${SECTIONS[verdict].heading}</h3>
<ul>
${items}</ul>
`;
}

function section(report: ProbeReport, verdict: Verdict): Markup {
  const { heading, meaning } = SECTIONS[verdict];
  const checks = checksOf(report, verdict);
  return markup`<section aria-labelledby="${verdict}-checks">
<h2 id="${verdict}-checks">${heading} (${checks.length})</h2>
<p class="muted">${meaning}</p>
${checks.map(check)}</section>
`;
}

/** The anchor is inside the details, so that a browser opens them when a link leads there. */
function check({ id, title, severity, verdict, detail, why, fix, exchanges }: CheckResult): Markup {
  const open = verdict === 'failed' ? new Markup(' open') : '';
  return markup`<details class="${verdict}"${open}>
<summary>${mark(verdict)} <span class="title">${title}</span> <span class="severity ${severity}">${severity}</span></summary>
<div class="check" id="${id}">
<p class="muted"><code>${id}</code></p>
<p class="detail">${detail}</p>
<h3>Reason</h3>
<p>${why}</p>
<h3>Fix</h3>
<p>${fix}</p>
${exchanges.length > 0 ? markup`<h3>Requests and responses</h3>` : ''}
${exchanges.map(exchange)}</div>
</details>
`;
}

function exchange({ what, request, response, milliseconds }: Exchange): Markup {
  return markup`<div class="exchange">
<h4>${what} <span class="muted">${duration(milliseconds)}</span></h4>
<div class="sides">
<div><p>Request</p><pre>${request}</pre></div>
<div><p>Response</p><pre>${response}</pre></div>
</div>
</div>
`;
}
