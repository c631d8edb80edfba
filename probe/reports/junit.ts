import { printableLine } from '../../cli/printable.ts';
import type { CheckResult, ProbeReport } from '../probe-report.ts';
import { type Markup, markup } from './markup.ts';
import { summaryOf } from './summary.ts';

/**
 * Formats a report as JUnit XML, for CI servers: a test case per check, with the severity in its class name. An
 * inconclusive check counts as skipped, with a message that begins with the verdict.
 */
export function toJunit(report: ProbeReport): string {
  const { verdicts } = summaryOf(report);
  const counts = markup`tests="${report.results.length}" failures="${verdicts.failed}" errors="0" skipped="${
    verdicts.inconclusive + verdicts.skipped
  }" time="${seconds(report.milliseconds)}"`;
  const { text } = markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="webhook probe" ${counts}>
  <testsuite name="${report.url}" timestamp="${report.startedAt}" ${counts}>
    <properties>
      <property name="version" value="${report.version}"/>
      <property name="signature" value="${printableLine(report.signature)}"/>
      <property name="requests" value="${report.requests}"/>
    </properties>
${report.results.map(testCase)}  </testsuite>
</testsuites>
`;
  return text;
}

function testCase(result: CheckResult): Markup {
  const { id, title, severity, exchanges } = result;
  const time = seconds(exchanges.reduce((sum, { milliseconds }) => sum + milliseconds, 0));
  return markup`    <testcase classname="webhook-probe.${severity}" name="${id}: ${title}" time="${time}">${outcome(result)}</testcase>
`;
}

function outcome(result: CheckResult): Markup | '' {
  const message = printableLine(result.detail);
  if (result.verdict === 'passed') return '';
  if (result.verdict !== 'failed') return markup`<skipped message="${result.verdict}: ${message}"/>`;
  const failure = `${result.failedTitle}. ${message}`;
  return markup`<failure type="${result.severity}" message="${failure}">${explanation(result)}</failure>`;
}

function explanation({ why, fix, exchanges }: CheckResult): string {
  const transcript = exchanges.map(({ what, request, response, expected }) => {
    const wanted = expected === undefined ? '' : `\n\nExpected: ${expected}`;
    return `${what}\n\nRequest:\n${request}\n\nResponse:\n${response}${wanted}`;
  });
  return [`Reason: ${why}`, `Fix: ${fix}`, ...transcript].join('\n\n');
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3);
}
