import { createHash } from 'node:crypto';
import { type ProbeReport, SEVERITIES, type Severity } from '../../probe-report.ts';
import { Markup, markup } from '../markup.ts';
import { assessmentOf, checksOf, summaryOf } from '../summary.ts';
import { failedCheck } from './failed-check.ts';
import { foldedCheck } from './folded-check.ts';
import { pageHeader } from './page-header.ts';
import { HTML_SCRIPT } from './script.ts';
import { HTML_STYLE } from './style.ts';

/** A source of a content security policy: this text alone. */
const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Prevents the page from fetching and executing anything else, even if an escape is missing. */
const POLICY = [
  "default-src 'none'",
  `script-src ${hashOf(HTML_SCRIPT)}`,
  `style-src ${hashOf(HTML_STYLE)}`,
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

/** Formats a report as one HTML file without external resources. Without scripts, only the buttons are missing. */
export function toHtml(report: ProbeReport): string {
  const summary = summaryOf(report);
  const { text } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${assessmentOf(summary)}: ${report.url}</title>
<style>${new Markup(HTML_STYLE)}</style>
</head>
<body>
<a class="skip" href="#checks">Skip to the checks</a>
${pageHeader(report, summary)}
<main id="checks">
${SEVERITIES.map((severity) => failedOf(report, severity))}
${undecided(report, 'inconclusive', 'Inconclusive', 'The responses do not show whether these properties hold.')}
${undecided(report, 'skipped', 'Skipped', 'These checks were not made.')}
${passed(report)}
</main>
<footer class="quiet">
<p>Written by webhook-inbox ${report.version}. The report contains no secrets. Its curl commands contain whole signatures of the events that the probe generated. Unprintable characters are escapes, such as <code>\\u001b</code>.</p>
</footer>
<p class="hidden" role="status"></p>
<script>${new Markup(HTML_SCRIPT)}</script>
</body>
</html>
`;
  return text;
}

const HEADINGS: Readonly<Record<Severity, string>> = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
};

function failedOf(report: ProbeReport, severity: Severity): Markup | '' {
  const checks = checksOf(report, 'failed').filter((check) => check.severity === severity);
  if (checks.length === 0) return '';
  return markup`<section aria-labelledby="severity-${severity}">
<h2 id="severity-${severity}">${HEADINGS[severity]} <span class="quiet">${checks.length}</span></h2>
${checks.map(failedCheck)}</section>
`;
}

function undecided(
  report: ProbeReport,
  verdict: 'inconclusive' | 'skipped',
  heading: string,
  meaning: string,
): Markup | '' {
  const checks = checksOf(report, verdict);
  if (checks.length === 0) return '';
  return markup`<section aria-labelledby="verdict-${verdict}">
<h2 id="verdict-${verdict}">${heading} <span class="quiet">${checks.length}</span></h2>
<p class="quiet">${meaning}</p>
${checks.map(foldedCheck)}</section>
`;
}

function passed(report: ProbeReport): Markup | '' {
  const checks = checksOf(report, 'passed');
  if (checks.length === 0) return '';
  return markup`<section aria-labelledby="verdict-passed">
<details class="group">
<summary><h2 id="verdict-passed">Passed <span class="quiet">${checks.length}</span></h2></summary>
${checks.map(foldedCheck)}</details>
</section>
`;
}
