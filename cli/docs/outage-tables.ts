import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import { RETRY_SCHEDULES, type RetrySchedule } from '../../samples/retry-schedules.ts';
import {
  ASSUMED,
  type CacheComparison,
  CERTIFICATE_TIMES,
  type Comparison,
  type Losses,
  lossesPerMillion,
  lostIfSpread,
  lostSeconds,
  lostWithCache,
  MILLION,
  monthlyOutage,
  patience,
  SECRET_TIMES,
  SERVICES,
  type ServiceName,
} from './outages-model.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The lengths of outages that docs/operations.md compares, in seconds. */
const LENGTHS = { '5 minutes': 5 * MINUTE, '1 hour': HOUR, '6 hours': 6 * HOUR, '1 day': DAY } as const;

/** Groups of providers: the shortest time for which a provider of the group retries, in seconds. */
const GROUPS: readonly (readonly [title: string, atLeast: number])[] = [
  ['never, or once within seconds', 0],
  ['for a minute or two', 10],
  ['for minutes', 5 * MINUTE],
  ['for hours', HOUR],
  ['for most of a day', 6 * HOUR],
  ['for a day or more', DAY],
];

/** The effect of an outage of each service on events. */
const EFFECTS: Readonly<Record<ServiceName, string>> = {
  gateway: 'nobody receives a request',
  lambda: 'nobody receives a request',
  secrets: '503 at instances that have not read the secret',
  table: 'events wait in the overflow queue',
  bucket: 'events with payloads of 400 to 768 KB after compression wait in the overflow queue',
  queue: 'none, while DynamoDB and S3 work',
  bus: 'stored events are forwarded later',
};

const ENTRIES = (Object.keys(RETRY_SCHEDULES) as ProviderName[])
  .map((name) => ({ title: providers[name]().title, schedule: RETRY_SCHEDULES[name] }))
  .toSorted((one, other) => one.title.localeCompare(other.title, 'en'));

const SENTENCE = new Intl.ListFormat('en', { type: 'conjunction' });

/** The part of docs/operations.md: the share of an outage's events that is lost, for outages of several lengths. */
export function outageTables(): string {
  return `The first table shows which of the events that arrive during an outage are lost, first without and then with the overflow queue and the use of cached secrets and certificates. Their provider never retries, unless another one is named, and the receiver's instances were in use before the outage.

${serviceTable()}

The second table shows which events are lost if every delivery is answered 503. Without the overflow queue, that is an outage of DynamoDB; with it, one of DynamoDB and SQS at the same time.

${providerTable()}

The time in parentheses is the time from the first attempt to the last. [samples/retry-schedules.ts](../samples/retry-schedules.ts) has all attempts of each provider, the source, and how much of it the provider documents.

${exceptions()}`;
}

/** The part of docs/scale.md: the events that are lost per million, if each service only just keeps its agreement. */
export function availabilityTables(): string {
  return `${agreementTable()}

The next table has the events that are lost per million, first without and then with the overflow queue and the use of cached secrets. Providers with the same figures share a row.

${lossTable()}

If failures were spread evenly over the month, so that each attempt failed by itself, the first row would stay about the same. A provider that retries once would lose ${perMillionText(lostIfSpread(SERVICES.gateway, 2))} events per million for API Gateway and as many for Lambda, ${perMillionText(lostIfSpread(SERVICES.table, 2))} for DynamoDB without the queue, and one that retries three times practically none.`;
}

function serviceTable(): string {
  const { github, sns } = RETRY_SCHEDULES;
  return table('service that fails', Object.keys(LENGTHS), [
    ['DynamoDB', ...lengths(() => 'all → none')],
    ['S3, for payloads of 400 to 768 KB after compression', ...lengths(() => 'all → none')],
    ['Secrets Manager', ...lengths(lostByReads(github, SECRET_TIMES))],
    ["the host of Amazon SNS's certificate", ...lengths(lostByReads(sns, CERTIFICATE_TIMES))],
    ['SQS, EventBridge', ...lengths(() => 'none → none')],
    ['API Gateway, Lambda', ...lengths(() => 'all → all')],
  ]);
}

const lengths = (cell: (outage: number) => string) => Object.values(LENGTHS).map(cell);

const lostByReads = (schedule: RetrySchedule, times: CacheComparison) => (outage: number) => {
  const window = patience(schedule, 'unavailable');
  return arrow((side) => share(lostWithCache(outage, window, times[side]) / outage));
};

function providerTable(): string {
  const rows = GROUPS.map(([title, atLeast], index) => {
    const [, below] = GROUPS[index + 1] ?? ['', Number.POSITIVE_INFINITY];
    const members = ENTRIES.map(({ title, schedule }) => ({ title, window: patience(schedule, 'unavailable') }))
      .filter(({ window }) => atLeast <= nearestMinute(window) && nearestMinute(window) < below)
      .toSorted((one, other) => one.window - other.window);
    const names = members.map(({ title, window }) => (atLeast > 0 ? `${title} (${duration(window)})` : title));
    const shortest = members[0]?.window ?? 0;
    return [title, names.join(', '), ...lengths((outage) => upTo(share(lostSeconds(outage, shortest) / outage)))];
  });
  return table('retries after a 503', ['providers', ...Object.keys(LENGTHS)], rows);
}

/** What the groups of providers leave out. */
function exceptions(): string {
  const titles = (matches: (schedule: RetrySchedule) => boolean) =>
    SENTENCE.format(ENTRIES.filter(({ schedule }) => matches(schedule)).map(({ title }) => title));
  const sentences = [
    `The sender decides, and a common schedule is assumed: ${titles(({ basis }) => basis === 'chosen')}.`,
    `No retries are documented, so none are assumed: ${titles(({ basis }) => basis === 'undocumented')}.`,
    `No retry after any response, only if they could not connect: ${titles(({ retriedAfter }) => retriedAfter === 'connection')}.`,
    `Counted as if they retried after a 503, but not after a 500, with which API Gateway responds while Lambda fails: ${titles(({ retriedAfter }) => retriedAfter === 'temporary')}.`,
    ...ENTRIES.flatMap(({ title, schedule: { note } }) => (note ? [`${title}: ${note}`] : [])),
  ];
  return sentences.map((sentence) => `- ${sentence}`).join('\n');
}

function agreementTable(): string {
  const rows = (Object.keys(SERVICES) as ServiceName[]).map((name) => {
    const { title, uptime, agreement } = SERVICES[name];
    const outage = monthlyOutage(SERVICES[name]);
    const perMillion = perMillionText((outage / ASSUMED.monthSeconds) * MILLION);
    const uptimePercent = `${Number((uptime * 100).toFixed(3))}%`;
    return [
      `[${title}](${agreement})`,
      uptimePercent,
      `${(outage / MINUTE).toFixed(1)} min`,
      perMillion,
      EFFECTS[name],
    ];
  });
  return table('service', ['agreement', 'outage a month', 'of a million events', 'effect of an outage'], rows);
}

const LOSS_COLUMNS: readonly (readonly [title: string, loss: keyof Losses])[] = [
  ['DynamoDB', 'table'],
  ['Secrets Manager', 'secrets'],
  ['API Gateway and Lambda', 'gateway'],
  ['sum', 'sum'],
  ['S3, of payloads of 400 to 768 KB after compression', 'bucket'],
];

/** The losses by provider, the highest sum first. */
function lossTable(): string {
  const all = ENTRIES.map(({ title, schedule }) => ({ title, losses: lossesPerMillion(schedule) }));
  const bySum = all.toSorted((one, other) => other.losses.sum.without - one.losses.sum.without);
  const cellsOf = (losses: Losses) =>
    LOSS_COLUMNS.map(([, loss]) => arrow((side) => perMillionText(losses[loss][side])));
  const rows = Map.groupBy(bySum, ({ losses }) => cellsOf(losses).join());
  return table(
    'providers',
    LOSS_COLUMNS.map(([title]) => title),
    [...rows.values()].map((members) => [
      members.map(({ title }) => title).join(', '),
      ...members.slice(0, 1).flatMap(({ losses }) => cellsOf(losses)),
    ]),
  );
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;

function table(first: string, others: readonly string[], rows: readonly (readonly string[])[]): string {
  return [line([first, ...others]), `|${'-|'.repeat(others.length + 1)}`, ...rows.map(line)].join('\n');
}

const arrow = (text: (side: keyof Comparison) => string) => `${text('without')} → ${text('with')}`;

/** A share from 0 to 1. */
function share(value: number): string {
  if (value >= 0.995) return 'all';
  if (value < 0.0005) return 'none';
  return `${(value * 100).toFixed(value < 0.1 ? 1 : 0)}%`;
}

const upTo = (text: string) => (text.endsWith('%') ? `up to ${text}` : text);

function perMillionText(events: number): string {
  if (events < 0.005) return '0';
  return events < 10 ? String(Number(events.toFixed(events < 1 ? 2 : 1))) : Math.round(events).toLocaleString('en');
}

/** The sum of rounded delays is a second more or less than the documented time. */
const nearestMinute = (seconds: number) => Math.round(seconds / MINUTE) * MINUTE;

function duration(seconds: number): string {
  if (seconds < 2 * MINUTE) return `${seconds} s`;
  if (seconds < 2 * HOUR) return `${Math.round(seconds / MINUTE)} min`;
  if (seconds < 2 * DAY) return `${Number((seconds / HOUR).toFixed(1))} h`;
  return `${Number((seconds / DAY).toFixed(1))} days`;
}
