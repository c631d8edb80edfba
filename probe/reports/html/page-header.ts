import { type CheckResult, type ProbeReport, SEVERITIES, type Verdict } from '../../probe-report.ts';
import { duration } from '../duration.ts';
import { type Markup, markup } from '../markup.ts';
import { assessmentOf, checksOf, conclusionOf, type Summary, VERDICTS } from '../summary.ts';
import { severityBadge } from './severity-badge.ts';

/** The summary of a report, and links to its failed checks. */
export function pageHeader(report: ProbeReport, summary: Summary): Markup {
  const failed = checksOf(report, 'failed');
  return markup`<header>
<p class="quiet">Webhook probe</p>
<h1 class="${toneOf(summary)}">${assessmentOf(summary)}</h1>
<p class="lead">${conclusionOf(report, summary)}. ${worst(failed)}</p>
${facts(report)}
${counts(summary)}
${contents(failed)}</header>`;
}

function toneOf({ verdicts, failedBySeverity }: Summary): 'good' | 'decide' | 'bad' {
  if (failedBySeverity.critical + failedBySeverity.high > 0) return 'bad';
  return verdicts.failed + verdicts.inconclusive > 0 || verdicts.passed === 0 ? 'decide' : 'good';
}

function worst([first]: readonly CheckResult[]): Markup | '' {
  return first ? markup`The worst: <a href="#${first.id}">${first.failedTitle}</a>.` : '';
}

function facts({ url, source, signature, startedAt, requests, milliseconds }: ProbeReport): Markup {
  return markup`<dl class="facts">
<div><dt>Endpoint</dt><dd><code>${url}</code></dd></div>
${source === undefined ? '' : markup`<div><dt>Source</dt><dd>${source}</dd></div>`}
<div><dt>Signed as</dt><dd>${signature}</dd></div>
<div><dt>Started</dt><dd><time datetime="${startedAt}">${readableTime(startedAt)}</time></dd></div>
<div><dt>Requests</dt><dd>${requests} in ${duration(milliseconds)}</dd></div>
</dl>`;
}

/** `2026-11-23T12:00:00.000Z` as `2026-11-23 12:00:00 UTC`. */
function readableTime(iso: string): string {
  return iso.replace('T', ' ').replace(/(\.\d+)?Z$/, ' UTC');
}

const TONES: Readonly<Record<Verdict, string>> = {
  failed: 'bad',
  inconclusive: 'decide',
  skipped: 'calm',
  passed: 'good',
};

function counts({ verdicts, failedBySeverity }: Summary): Markup {
  return markup`<div class="counts">
<dl aria-label="Checks by result">
${VERDICTS.map((verdict) => count(verdict, verdicts[verdict], TONES[verdict]))}</dl>
${verdicts.failed === 0 ? '' : bySeverity(failedBySeverity)}</div>
`;
}

function bySeverity(failed: Summary['failedBySeverity']): Markup {
  return markup`<dl aria-label="Failed checks by severity">
${SEVERITIES.map((severity) => count(severity, failed[severity], severity))}</dl>
`;
}

function count(name: string, number: number, tone: string): Markup {
  return markup`<div class="${number === 0 ? 'none' : tone}"><dt>${name}</dt><dd>${number}</dd></div>
`;
}

function contents(failed: readonly CheckResult[]): Markup | '' {
  if (failed.length === 0) return '';
  const items = failed.map(
    ({ id, severity, failedTitle }) => markup`<li>${severityBadge(severity)} <a href="#${id}">${failedTitle}</a></li>
`,
  );
  return markup`<nav aria-labelledby="findings">
<h2 id="findings">Failed checks</h2>
<ol>
${items}</ol>
</nav>
`;
}
