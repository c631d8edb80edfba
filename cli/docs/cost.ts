import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOptions, UsageError } from '../arguments.ts';
import { IS_CLONE, invocation } from '../invocation.ts';
import {
  ASSUMED,
  eventCosts,
  logCost,
  METRICS_PER_METHOD,
  METRICS_PER_SOURCE,
  MILLION,
  MONITORING,
  type Payload,
  PRICES,
  type RequestCosts,
  refusalCosts,
  total,
  unitsOf,
  WEB_ACL_RULES,
} from './cost-model.ts';

const HELP = `Prints the costs of a million events and of a month, in Markdown, at the list prices of us-east-1.

  ${invocation('cost')}

  --write   in a clone: writes docs/cost.md, as npm run cost does`;

const PAGE_FILE = join(import.meta.dirname, '../../docs/cost.md');

/** Payloads whose compression was measured (docs/decisions.md). */
const PAYLOADS: readonly (Payload & { readonly name: string })[] = [
  { name: 'a short event, not compressed', bytes: 500, gzipRatio: 1 },
  { name: 'Stripe, typical', bytes: 3_400, gzipRatio: 0.362 },
  { name: 'Stripe, large', bytes: 6_100, gzipRatio: 0.3 },
  { name: 'GitHub push', bytes: 7_000, gzipRatio: 0.2 },
  { name: 'GitHub pull request', bytes: 23_600, gzipRatio: 0.092 },
  { name: 'large JSON', bytes: 100_000, gzipRatio: 0.15 },
];

/** The payload of the table of a short event. */
const SHORT: Payload = { bytes: 500, gzipRatio: 1 };

const dollars = (amount: number) => amount.toFixed(2);
const line = (...cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;

/** The command `webhook-inbox cost`. */
export function cost(): void {
  const options = readOptions(HELP, { write: { type: 'boolean', default: false } });
  if (!options) return;
  if (options.write) writePage();
  else process.stdout.write(costPage());
}

/** @throws {UsageError} outside of a clone, where another file may have this name */
function writePage(): void {
  if (!IS_CLONE) throw new UsageError('--write needs a clone of the repository.');
  writeFileSync(PAGE_FILE, costPage());
}

/** The costs of a million short events, by service. */
function eventTable(): string {
  const { gateway, receiving, writes, forwarding, logs } = eventCosts(SHORT);
  const { receiveMs, receiveGigabytes, forwardMs, forwardGigabytes, eventsPerBatch } = ASSUMED;
  const perMillion = (price: number) => `$${dollars(MILLION * price)} a million`;
  return `| a million events | calculation | $ |
|-|-|-|
${line('API Gateway (REST)', `1 M requests at ${perMillion(PRICES.apiRequest)}`, dollars(gateway))}
${line('Lambda, receiving', `1 M requests at ${perMillion(PRICES.lambdaRequest)}, ${receiveMs} ms × ${receiveGigabytes} GB each at $${PRICES.lambdaGigabyteSecond} a GB-s (arm64)`, dollars(receiving))}
${line('DynamoDB', `1 M × ${unitsOf(SHORT).stored} write unit (an item of up to 1 KB) at $${MILLION * PRICES.writeUnit} a million`, dollars(writes))}
${line('EventBridge', `1 M events of up to 64 KB at ${perMillion(PRICES.busEvent)}`, dollars(forwarding.bus))}
${line('Lambda, forwarding', `${1 / eventsPerBatch} M batches of ${eventsPerBatch} events, ${forwardMs * eventsPerBatch} ms × ${forwardGigabytes} GB each`, dollars(forwarding.lambda))}
${line('CloudWatch Logs', `1 M × ${ASSUMED.logKilobytes} KB of log and ${ASSUMED.accessLogKilobytes} KB of access log at $${dollars(PRICES.logGigabyte)} a GB`, dollars(logs))}
${line('**total**', '', `**${dollars(total(eventCosts(SHORT)))}**`)}`;
}

/** The costs of a month that do not depend on the traffic, for an inbox with one source, which has a quarantine. */
function monthTable(): string {
  const { alarms, alarmMetrics, perSource, dashboards } = MONITORING;
  const { quarantine, reject } = perSource;
  const evaluated = alarmMetrics + quarantine.alarmMetrics;
  const most = 2 * METRICS_PER_SOURCE * PRICES.metricMonth;
  const ofMethod = METRICS_PER_METHOD * PRICES.metricMonth;
  const evaluation = evaluated * PRICES.alarmMetricMonth;
  const dashboard = dashboards * PRICES.dashboardMonth;
  const ofAlarms = `${alarms} alarms on ${alarmMetrics} metrics at $${dollars(PRICES.alarmMetricMonth)}; per source ${quarantine.alarms} more on ${quarantine.alarmMetrics}, or ${reject.alarms} on ${reject.alarmMetrics} if \`onInvalid\` is \`'reject'\``;
  return `| a month, with one source | calculation | $ |
|-|-|-|
${line('Secrets Manager', `1 secret; 1 more per source`, dollars(PRICES.secretMonth))}
${line('Alarms', ofAlarms, dollars(evaluation))}
${line('Dashboard', `${dashboards} at $${dollars(PRICES.dashboardMonth)}`, dollars(dashboard))}
${line('Metrics of the receiver', `up to ${METRICS_PER_SOURCE} per source, and as many of all sources together, at $${dollars(PRICES.metricMonth)}`, dollars(most))}
${line('Metrics of the API by method', `${METRICS_PER_METHOD} per method of all sources together, if they are charged as custom metrics are`, dollars(ofMethod))}
${line('**at most**', '', `**${dollars(PRICES.secretMonth + evaluation + dashboard + most + ofMethod)}**`)}`;
}

/** docs/cost.md. */
export function costPage(): string {
  const rows = PAYLOADS.map((payload) => {
    const { plain, stored } = unitsOf(payload);
    const saved = dollars(MILLION * (plain - stored) * PRICES.writeUnit);
    const units = `${plain} → ${stored}, saves $${saved}`;
    return costLine(`${payload.name} (${payload.bytes.toLocaleString('en')} B)`, units, eventCosts(payload));
  });
  const refused = costLine('refused, such as a forgery', '0', refusalCosts());
  return `# Cost

Written by \`npm run cost\` from the list prices of us-east-1 in [cli/docs/cost-model.ts](../cli/docs/cost-model.ts), without the free tier, as of November 2026. The tables do not count storage ($0.25 a GB-month, and $0.20 more for point-in-time recovery), data sent out, or calls of Secrets Manager ($0.05 per 10,000; every busy function instance makes one per source every 5 minutes, and two during a rotation's grace period). TTL deletions are free.

## A million events

For events of about 0.5 KB:

${eventTable()}

The durations are assumptions: replace them with those that Lambda bills you. The next table has dollars for a million events of other sizes. Larger payloads are compressed: a GitHub event of 14 KB costs 2.64 write units on average instead of 14.72 ([decisions.md](decisions.md)). A duplicate costs as much as a new event, less the forwarding. A rejected request costs the same, less the write and the forwarding.

| payload | write units, plain → compressed | API Gateway | Lambda | DynamoDB | forwarding | logs | total |
|-|-|-|-|-|-|-|-|
${[...rows, refused].join('\n')}

Assumptions, none of which was measured on AWS: ${ASSUMED.receiveMs} ms at ${ASSUMED.receiveGigabytes} GB to receive; ${ASSUMED.forwardMs} ms at ${ASSUMED.forwardGigabytes} GB to forward an event; ${ASSUMED.eventsPerBatch} events per batch; ${ASSUMED.logKilobytes} KB of log and ${ASSUMED.accessLogKilobytes} KB of access log per delivery.

If an item would be larger than 400 KB after compression, its payload becomes an object of S3, which costs $${dollars(MILLION * PRICES.objectPut)} more per million. Its item is then small, of one write unit or two. A delivery in quarantine costs as much as a new event, less the forwarding.

## Fixed costs

${monthTable()}

\`alarms: false\` removes the alarms and the dashboard. Storage in DynamoDB and S3, the archive and point-in-time recovery are charged by the GB. CloudWatch charges for a metric only in hours in which the receiver reports it.

An \`encryptionKey\` costs $${dollars(PRICES.keyMonth)} a month and $${dollars(10_000 * PRICES.keyRequest)} per 10,000 requests for its use. DynamoDB, S3 (by a bucket key) and SQS reuse a data key for minutes. Secrets Manager requests one for every read of a secret, and every version that it stores. AWS does not document how often EventBridge and CloudWatch Logs do.

## The edge

- **Metrics by method**, always on: ${METRICS_PER_METHOD} metrics for each method of a resource that is called, $${dollars(METRICS_PER_METHOD * PRICES.metricMonth)} a month, if they are charged as custom metrics are. All sources share a resource, except that a source with \`throttle\` or \`allowedCidrs\` has its own, and a handshake by GET adds a method. The metrics of the whole API are free.
- **Access logs**, on by default: $${dollars(logCost(ASSUMED.accessLogKilobytes))} for a million requests, accepted or refused.
- **Web ACL**, off by default: $${dollars(PRICES.webAclMonth + WEB_ACL_RULES * PRICES.webAclRuleMonth)} a month for it and its ${WEB_ACL_RULES} rules, and $${dollars(MILLION * PRICES.webAclRequest)} for a million requests, blocked or not. Bodies are inspected up to 16 KB, at no further charge. By cost alone it pays if floods from few addresses exceed ${breakEven()} million requests a month.
- **Custom domain**: no charge by API Gateway. A public certificate of CertificateManager is free. A hosted zone of Route 53 is charged by the month; queries for its alias records are not.

## A flood of a million forged requests

| guard | effect | $ |
|-|-|-|
${floodLines()}

"As far as is known": AWS once published that API Gateway does not charge for requests that it refuses by authorization or throttling. That page is gone, and the pricing page does not mention it. None of it was measured here: look at the usage type \`ApiGatewayRequest\` on your bill. The fixed costs above are added. A blocked request is still a line in the access log: if a flood lasts, \`accessLogs: false\` removes that cost, and with it the record of the addresses that the flood came from.

Forged requests cause no request to DynamoDB, and at most one read of a secret every 2 s per source and function instance: about $0.01 an hour for each of them.
`;
}

function costLine(name: string, units: string, costs: RequestCosts): string {
  const { gateway, receiving, writes, forwarding, logs } = costs;
  const amounts = [gateway, receiving, writes, forwarding.lambda + forwarding.bus, logs, total(costs)];
  return line(name, units, ...amounts.map(dollars));
}

/** Millions of requests a month from which on the web ACL saves more than it costs. */
function breakEven(): string {
  const fixed = PRICES.webAclMonth + WEB_ACL_RULES * PRICES.webAclRuleMonth;
  const saved = total(refusalCosts()) - logCost(ASSUMED.accessLogKilobytes) - MILLION * PRICES.webAclRequest;
  return (fixed / saved).toFixed(1);
}

/** The cost of a million forged requests, by the guard in front of the function. */
function floodLines(): string {
  const forged = total(refusalCosts());
  const logged = logCost(ASSUMED.accessLogKilobytes);
  const inspected = MILLION * PRICES.webAclRequest;
  const reaching = (requests: number) => ((forged - logged) * requests) / MILLION;
  const throttled = 100 * 60 + 200;
  const rows: [guard: string, effect: string, cost: string][] = [
    ['none', 'all reach the function, which refuses them by their signature', dollars(forged)],
    ['none, and `accessLogs: false`', 'the same, without the access log', dollars(forged - logged)],
    [
      'the throttle of 100 a second, the flood in a minute',
      `${throttled.toLocaleString('en')} reach the function; the others get 429, not billed as far as is known, but logged`,
      dollars(reaching(throttled) + logged),
    ],
    [
      "a source's `allowedCidrs`, the flood from other addresses",
      'none reaches the function; the gateway refuses them, not billed as far as is known, but logged',
      `${dollars(logged)}, or ${dollars(MILLION * PRICES.apiRequest + logged)} if billed`,
    ],
    [
      '`waf`, the flood from one address in a minute',
      'about 10,000 reach the function, and more until the rule takes effect; all are inspected, which is billed; the others get 429 from the web ACL, not billed by the gateway as far as is known, but logged',
      `${dollars(inspected + reaching(10_000) + logged)} at least`,
    ],
    [
      '`waf`, the flood from thousands of addresses',
      'each stays under its limit: all reach the function, and all are inspected',
      dollars(inspected + forged),
    ],
    [
      '`reservedConcurrency`',
      'limits the cost of the function per second, not of the gateway',
      'as in the first row at most',
    ],
  ];
  return rows.map((cells) => line(...cells)).join('\n');
}
