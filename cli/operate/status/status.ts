import { readOptions } from '../../arguments.ts';
import { coloured, showsColours } from '../../colour.ts';
import { INBOX_HELP, INBOX_OPTIONS, isLocal } from '../../deliveries/open-inbox.ts';
import { invocation } from '../../invocation.ts';
import { print } from '../../print.ts';
import { printable } from '../../printable.ts';
import { type Cell, type Row, tableLines } from '../../table.ts';
import { localTime, timeZone } from '../../times.ts';
import { type Check, lacksSecret, needsAttention, type SourceStatus, type StatusReport } from './status-report.ts';

const HELP = `Shows the state of an inbox: per source, whether it has a signing secret, its last event, its deliveries of 24 hours
by outcome, and how many of them were signed with the previous secret; alarms that fire, dead letters, the overflow queue,
the age of the oldest event that is not forwarded, and whether the functions get their events.

  ${invocation('status', '[--json]')}

  --json          in JSON, on one line
  ${INBOX_HELP}

Exit status 1 if something needs attention: a source without a signing secret, an alarm that fires, messages in a
dead-letter queue or the overflow queue, an event source mapping that is not enabled, or forwarding that is 5 minutes late.
For a deployed inbox, it reads the signing secrets, and does not show them. CloudWatch Logs Insights counts the deliveries,
for which AWS charges by the size of a day's log. The account and the region are those of AWS_PROFILE and AWS_REGION.`;

/** The command `webhook-inbox status`. */
export async function status(environment: NodeJS.ProcessEnv): Promise<void> {
  const options = readOptions(HELP, { ...INBOX_OPTIONS, json: { type: 'boolean', default: false } });
  if (!options) return;
  const { json: isJson, ...named } = options;
  const report = isLocal(named)
    ? await (await import('./local-status.ts')).localStatus(environment)
    : await (await import('./deployed-status.ts')).deployedStatus(named);
  if (isJson) print(JSON.stringify({ ...report, needsAttention: needsAttention(report) }));
  else printReport(report, showsColours(environment));
  if (needsAttention(report)) process.exitCode = 1;
}

function printReport(report: StatusReport, hasColours: boolean): void {
  const { inbox, sources, checks } = report;
  print(
    `Inbox ${inbox} at ${localTime(Date.now())}, in the time zone ${timeZone()}. Deliveries are those of 24 hours.\n`,
  );
  const rows = sources.map(rowOf);
  const lines = sources.length > 0 ? tableLines([HEADINGS, ...rows], hasColours) : ['No deliveries within 24 hours.'];
  const checked = checks.map((check) => checkLine(check, hasColours));
  // Printable already; it may have colours.
  process.stdout.write(`${[...lines, ...(checked.length > 0 ? ['', ...checked] : [])].join('\n')}\n`);
}

const OUTCOME_COLUMNS = [
  'processed',
  'duplicate',
  'conflict',
  'quarantined',
  'queued',
  'rejected',
  'unavailable',
  'failed',
] as const;

const HEADINGS: readonly Cell[] = ['source', 'secret', 'last event', ...OUTCOME_COLUMNS, 'previous secret'].map(
  (text) => ({
    text,
    colour: 'dim',
  }),
);

function rowOf(source: SourceStatus): Row {
  const { source: name, secret, outcomes, lastAt, withPreviousSecret } = source;
  return [
    name,
    { text: secret, colour: lacksSecret(source) ? 'red' : undefined },
    lastAt === undefined ? '-' : localTime(lastAt),
    ...OUTCOME_COLUMNS.map((outcome) => String(outcomes[outcome] ?? 0)),
    withPreviousSecret === 0 ? 'not used' : `used ${withPreviousSecret} times`,
  ];
}

function checkLine({ name, text, needsAttention: isBad }: Check, hasColours: boolean): string {
  const mark = isBad ? 'attention' : 'ok       ';
  const shown = hasColours ? coloured(mark, isBad ? 'red' : 'green') : mark;
  return `${shown}  ${printable(name)}: ${printable(text)}`;
}
