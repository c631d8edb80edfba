import { createHash } from 'node:crypto';
import { SarifBuilder, SarifResultBuilder, SarifRuleBuilder, SarifRunBuilder } from 'node-sarif-builder';
import { printableJson, printableLine } from '../../cli/printable.ts';
import type { CheckDescription, CheckResult, ProbeReport, Severity } from '../probe-report.ts';

/** Levels and scores: GitHub shows scores over 9 as critical, from 7 as high, from 4 as medium, below 4 as low. */
const GRADES = {
  critical: { level: 'error', score: '9.5' },
  high: { level: 'error', score: '8.0' },
  medium: { level: 'warning', score: '5.5' },
  low: { level: 'note', score: '2.5' },
} as const satisfies Record<Severity, { level: string; score: string }>;

/**
 * Formats a report as SARIF 2.1.0, for code scanning. Every check is a rule; every failed check is a result. Inconclusive
 * and skipped checks are notifications of the invocation: results would be alerts of the rule's full severity.
 *
 * A result needs a file, and a probe has none. The URL without its scheme is used, which GitHub reads as a path in the
 * repository. GitHub refuses an upload with an https URL.
 */
export function toSarif(report: ProbeReport): string {
  const target = artifactUri(report.url);
  const run = new SarifRunBuilder({
    automationDetails: { id: `webhook-probe/${target}/` },
    artifacts: [{ location: { uri: target }, description: { text: report.url }, roles: ['analysisTarget'] }],
    invocations: [invocationOf(report)],
    columnKind: 'utf16CodeUnits',
  }).initSimple({ toolDriverName: 'webhook-inbox probe', toolDriverVersion: report.version });
  for (const check of report.results) run.addRule(ruleOf(check));
  for (const check of report.results.filter(({ verdict }) => verdict === 'failed'))
    run.addResult(resultOf(check, target));
  const sarif = new SarifBuilder({ $schema: 'https://json.schemastore.org/sarif-2.1.0.json' });
  sarif.addRun(run);
  return printableJson(sarif.buildSarifOutput());
}

/** Encodes the host: a colon in the first segment would make it a scheme. */
function artifactUri(url: string): string {
  const { host, pathname } = new URL(url);
  return `${encodeURIComponent(host)}${pathname}`.replace(/(?<!\/)\/+$/, '');
}

function invocationOf({ startedAt, milliseconds, results }: ProbeReport) {
  const undecided = results.filter(({ verdict }) => verdict === 'inconclusive' || verdict === 'skipped');
  return {
    executionSuccessful: true,
    startTimeUtc: startedAt,
    endTimeUtc: new Date(Date.parse(startedAt) + milliseconds).toISOString(),
    toolExecutionNotifications: undecided.map(({ id, verdict, detail }) => ({
      level: 'note' as const,
      message: { text: textOf(`${verdict}: ${detail}`) },
      associatedRule: { id, index: results.findIndex((result) => result.id === id) },
    })),
  };
}

/** Viewers show the short description as the title of an alert, and there is an alert only if the check failed. */
function ruleOf({ id, title, failedTitle, severity, why, fix }: CheckDescription): SarifRuleBuilder {
  const { level, score } = GRADES[severity];
  return new SarifRuleBuilder({
    id,
    shortDescription: { text: failedTitle },
    fullDescription: { text: `Required: ${title} ${why}` },
    help: { text: `${why}\n\nFix: ${fix}`, markdown: `${why}\n\n**Fix:** ${fix}` },
    defaultConfiguration: { level },
    properties: { 'security-severity': score, precision: 'high', tags: ['security', 'webhook'] },
  });
}

function resultOf({ id, severity, failedTitle, detail }: CheckResult, target: string): SarifResultBuilder {
  const line = createHash('sha256').update(`${target}\n${id}`).digest('hex');
  return new SarifResultBuilder({
    ruleId: id,
    level: GRADES[severity].level,
    message: { text: textOf(`${failedTitle}. ${detail}`) },
    locations: [{ physicalLocation: { artifactLocation: { uri: target }, region: { startLine: 1 } } }],
    partialFingerprints: { primaryLocationLineHash: `${line}:1` },
  });
}

/** Prevents links: viewers read `[text](address)` as a link even in plain text. */
function textOf(text: string): string {
  return printableLine(text).replaceAll('](', '] (');
}
