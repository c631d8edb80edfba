import { styleText } from 'node:util';
import { printable, printableLine } from '../../cli/printable.ts';
import {
  type CheckResult,
  type Exchange,
  type ProbeReport,
  SEVERITIES,
  type Severity,
  type Verdict,
} from '../probe-report.ts';
import { duration } from './duration.ts';
import { assessmentOf, checksOf, conclusionOf, severitiesOf, summaryOf, titleOf, VERDICTS } from './summary.ts';

type Style = Parameters<typeof styleText>[0];

/** Styles a text; without colour, returns it unchanged. */
type Paint = (style: Style, text: string) => string;

const MARKS: Readonly<Record<Verdict, { mark: string; style: Style }>> = {
  failed: { mark: '✗', style: 'red' },
  inconclusive: { mark: '?', style: 'yellow' },
  skipped: { mark: '–', style: 'gray' },
  passed: { mark: '✓', style: 'green' },
};

const SEVERITY_STYLES: Readonly<Record<Severity, Style>> = {
  critical: ['bold', 'red'],
  high: 'red',
  medium: 'yellow',
  low: 'gray',
};

/** The least width, in columns: narrower tables are unreadable. */
const MIN_WIDTH = 60;

/** Spaces between columns. */
const GAP = 2;

const SEVERITY_WIDTH = Math.max(...SEVERITIES.map((severity) => severity.length)) + GAP;

/** Indentation of the facts about a failed check. */
const FACT_INDENT = ' '.repeat(12);

/** Properties of a terminal. */
export interface TerminalOptions {
  readonly color: boolean;
  /** In columns. */
  readonly width: number;
}

/**
 * Formats a report for a terminal: a line per check, the failed ones first; then the details of the failed checks; then
 * the summary. Ends in a newline.
 */
export function toTable(report: ProbeReport, { color, width }: TerminalOptions): string {
  const paint: Paint = (style, text) => (color ? styleText(style, text, { validateStream: false }) : text);
  const columns = Math.max(width, MIN_WIDTH);
  const failed = checksOf(report, 'failed');
  const sections = [
    heading(report, paint),
    checkList(report, paint, columns),
    ...failed.map((result) => failure(result, paint, columns)),
    closing(report, paint),
  ];
  return `${sections.join('\n\n')}\n`;
}

function heading({ url, source, signature, startedAt, version }: ProbeReport, paint: Paint): string {
  const name = source === undefined ? '' : `source: ${printableLine(source)} · `;
  const facts = `${name}signed as: ${printableLine(signature)} · ${startedAt} · webhook-inbox ${version}`;
  return `${paint('bold', `Probe of ${printableLine(url)}`)}\n${paint('gray', facts)}`;
}

function checkList(report: ProbeReport, paint: Paint, width: number): string {
  const idWidth = Math.max(0, ...report.results.map(({ id }) => id.length)) + GAP;
  const results = VERDICTS.flatMap((verdict) => checksOf(report, verdict));
  return results.map((result) => checkRow(result, paint, idWidth, width)).join('\n');
}

function checkRow(result: CheckResult, paint: Paint, idWidth: number, width: number): string {
  const { verdict, severity, id, detail } = result;
  const { mark, style } = MARKS[verdict];
  const indent = 1 + GAP + SEVERITY_WIDTH + idWidth;
  const details = verdict === 'passed' ? [] : wrapped(printableLine(detail), width - indent);
  const text = [...wrapped(titleOf(result), width - indent), ...details.map((line) => paint('gray', line))];
  const grade = paint(SEVERITY_STYLES[severity], severity) + ' '.repeat(SEVERITY_WIDTH - severity.length);
  return `${paint(style, mark)}${' '.repeat(GAP)}${grade}${id.padEnd(idWidth)}${text.join(`\n${' '.repeat(indent)}`)}`;
}

function failure(
  { id, title, failedTitle, severity, detail, why, fix, exchanges }: CheckResult,
  paint: Paint,
  width: number,
) {
  const facts = { required: title, found: printableLine(detail), reason: why, fix };
  const lines = Object.entries(facts).map(([label, text]) => fact(label, text, paint, width));
  const head = `${paint('red', '✗')} ${paint('bold', id)} (${paint(SEVERITY_STYLES[severity], severity)}): ${failedTitle}`;
  return [head, ...lines, ...exchanges.map((exchange) => exchangeLines(exchange, paint))].join('\n');
}

function fact(label: string, text: string, paint: Paint, width: number): string {
  const lines = wrapped(text, width - FACT_INDENT.length);
  return `  ${paint('gray', label.padEnd(FACT_INDENT.length - 2))}${lines.join(`\n${FACT_INDENT}`)}`;
}

/** As in the output of curl, `>` marks the request and `<` the response. */
function exchangeLines(exchange: Exchange, paint: Paint): string {
  const { what, verdict, expected, milliseconds } = exchange;
  const mark = verdict ? `${paint(MARKS[verdict].style, MARKS[verdict].mark)} ` : '';
  const title = `\n  ${mark}${paint('underline', printableLine(what))} ${paint('gray', `(${duration(milliseconds)})`)}`;
  const wanted = expected === undefined ? [] : [`  ${paint('gray', 'Expected:')} ${expected}`];
  const request = [`  ${paint('gray', 'Request:')}`, marked(exchange.request, '  > ')];
  return [title, ...request, `  ${paint('gray', 'Response:')}`, marked(exchange.response, '  < '), ...wanted].join(
    '\n',
  );
}

function marked(text: string, mark: string): string {
  const lines = printable(text).trimEnd().split('\n');
  return lines.map((line) => `${mark}${line}`.trimEnd()).join('\n');
}

function closing(report: ProbeReport, paint: Paint): string {
  const summary = summaryOf(report);
  const severities = severitiesOf(summary);
  const present = VERDICTS.filter((verdict) => summary.verdicts[verdict] > 0);
  const counts = present.map((verdict) => {
    const { mark, style } = MARKS[verdict];
    const which = verdict === 'failed' ? ` (${severities})` : '';
    return paint(style, `${mark} ${summary.verdicts[verdict]} ${verdict}${which}`);
  });
  const effort = `${report.requests} requests in ${duration(report.milliseconds)}`;
  const conclusion = `${conclusionOf(report, summary)}, ${effort}.`;
  return `${counts.join('  ')}\n${paint('bold', `${assessmentOf(summary)}.`)} ${paint('gray', conclusion)}`;
}

/** Breaks text at spaces into lines of at most `width` characters. A longer word is not broken. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line ? `${line} ${word}` : word;
    if (line && longer.length > width) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  return [...lines, line];
}
