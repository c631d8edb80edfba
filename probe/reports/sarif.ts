import { createHash } from 'node:crypto';
import { SarifBuilder, SarifResultBuilder, SarifRuleBuilder, SarifRunBuilder } from 'node-sarif-builder';
import type { CheckDescription, CheckResult, ProbeReport, Severity } from '../probe-report.ts';
import { printableJson, printableLine } from './printable.ts';

/** GitHub shows 9.1 to 10 as critical, from 7 as high, from 4 as medium, below as low. */
const GRADES = {
  critical: { level: 'error', score: '9.5' },
  high: { level: 'error', score: '8.0' },
  medium: { level: 'warning', score: '5.5' },
  low: { level: 'note', score: '2.5' },
} as const satisfies Record<Severity, { level: string; score: string }>;

/**
 * A report as SARIF 2.1.0, for code scanning. Every check is a rule, every failed one a result. What is inconclusive or
 * skipped is a notification of the invocation: as a result it would be an alert of the rule's full severity.
 *
 * A result needs a file. There is none, so that it is the URL without its scheme, which GitHub takes as a path in the
 * repository; it refuses a whole upload for one URL with `https`.
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

/** A colon in its first segment would make that a scheme. */
function artifactUri(url: string): string {
  const { host, pathname } = new URL(url);
  return `${encodeURIComponent(host)}${pathname}`.replace(/\/+$/, '');
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

/** A title is what holds; over an alert it has to read as what is wanted. */
function ruleOf({ id, title, severity, why, fix }: CheckDescription): SarifRuleBuilder {
  const { level, score } = GRADES[severity];
  return new SarifRuleBuilder({
    id,
    shortDescription: { text: `Required: ${title}` },
    fullDescription: { text: why },
    help: { text: `${why}\n\nHow to fix: ${fix}`, markdown: `${why}\n\n**How to fix:** ${fix}` },
    defaultConfiguration: { level },
    properties: { 'security-severity': score, precision: 'high', tags: ['security', 'webhook'] },
  });
}

function resultOf({ id, severity, detail }: CheckResult, target: string): SarifResultBuilder {
  const line = createHash('sha256').update(`${target}\n${id}`).digest('hex');
  return new SarifResultBuilder({
    ruleId: id,
    level: GRADES[severity].level,
    message: { text: textOf(detail) },
    locations: [{ physicalLocation: { artifactLocation: { uri: target }, region: { startLine: 1 } } }],
    partialFingerprints: { primaryLocationLineHash: `${line}:1` },
  });
}

/** Viewers make links of `[text](address)`, also in plain text. */
function textOf(text: string): string {
  return printableLine(text).replaceAll('](', '] (');
}
