import { writeFileSync } from 'node:fs';
import { readOptions } from '../arguments.ts';

const HELP = `Writes docs/cost.md: what a million events cost, by the size of their payloads.

  npm run cost`;

const FILE = new URL('../../docs/cost.md', import.meta.url);

/**
 * List prices of us-east-1 in US dollars, without the free tier, as published by AWS.
 * @see https://aws.amazon.com/api-gateway/pricing/
 * @see https://aws.amazon.com/lambda/pricing/
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/
 * @see https://aws.amazon.com/eventbridge/pricing/
 * @see https://aws.amazon.com/cloudwatch/pricing/
 * @see https://aws.amazon.com/waf/pricing/
 */
const PRICES = {
  apiRequest: 3.5e-6,
  lambdaRequest: 0.2e-6,
  lambdaGigabyteSecond: 0.0000133334,
  writeUnit: 0.625e-6,
  busEvent: 1e-6,
  logGigabyte: 0.5,
  metricMonth: 0.3,
  webAclMonth: 5,
  webAclRuleMonth: 1,
  webAclRequest: 0.6e-6,
};

/** What is assumed of a delivery; put in what your own account bills. */
const ASSUMED = {
  receiveMs: 20,
  receiveGigabytes: 1,
  forwardMs: 10,
  forwardGigabytes: 0.5,
  eventsABatch: 5,
  logKilobytes: 1,
  accessLogKilobytes: 0.4,
};

const MILLION = 1_000_000;
/** Count, 4XXError, 5XXError, Latency and IntegrationLatency. */
const METRICS_A_METHOD = 5;
/** The limit for an address, and AWS's common rules. */
const WEB_ACL_RULES = 2;
const OTHER_ATTRIBUTES_BYTES = 350;
const WRITE_UNIT_BYTES = 1024;
const BUS_CHUNK_BYTES = 64 * 1024;

/** Payloads that were measured (docs/decisions.md), and how many of their bytes gzip leaves. */
const PAYLOADS = [
  { what: 'a short event, not compressed', bytes: 500, gzipRatio: 1 },
  { what: 'Stripe, typical', bytes: 3_400, gzipRatio: 0.362 },
  { what: 'Stripe, large', bytes: 6_100, gzipRatio: 0.3 },
  { what: 'GitHub push', bytes: 7_000, gzipRatio: 0.2 },
  { what: 'GitHub pull request', bytes: 23_600, gzipRatio: 0.092 },
  { what: 'large JSON', bytes: 100_000, gzipRatio: 0.15 },
];

/** Millions of events, in dollars. */
interface Costs {
  readonly gateway: number;
  readonly lambda: number;
  readonly writes: number;
  readonly forwarding: number;
  readonly logs: number;
}

const writeUnits = (payloadBytes: number) => Math.ceil((payloadBytes + OTHER_ATTRIBUTES_BYTES) / WRITE_UNIT_BYTES);

const lambda = (calls: number, milliseconds: number, gigabytes: number) =>
  calls * (PRICES.lambdaRequest + (milliseconds / 1000) * gigabytes * PRICES.lambdaGigabyteSecond);

/** @param units write units an event; 0 for a request that is refused */
function costs(units: number, bytes: number): Costs {
  const { receiveMs, receiveGigabytes, forwardMs, forwardGigabytes, eventsABatch } = ASSUMED;
  const { logKilobytes, accessLogKilobytes } = ASSUMED;
  const batches = MILLION / eventsABatch;
  const deliver = lambda(batches, forwardMs * eventsABatch, forwardGigabytes);
  const chunks = Math.ceil((bytes + OTHER_ATTRIBUTES_BYTES) / BUS_CHUNK_BYTES);
  return {
    gateway: MILLION * PRICES.apiRequest,
    lambda: lambda(MILLION, receiveMs, receiveGigabytes),
    writes: MILLION * units * PRICES.writeUnit,
    forwarding: units === 0 ? 0 : deliver + MILLION * chunks * PRICES.busEvent,
    logs: logs(logKilobytes + accessLogKilobytes),
  };
}

/** What a million lines cost. */
const logs = (kilobytes: number) => ((MILLION * kilobytes) / 1024 ** 2) * PRICES.logGigabyte;

/** Millions of requests from which on blocking them saves more than the web ACL costs. */
function breakEven(): string {
  const fixed = PRICES.webAclMonth + WEB_ACL_RULES * PRICES.webAclRuleMonth;
  const saved = total(costs(0, 0)) - logs(ASSUMED.accessLogKilobytes) - MILLION * PRICES.webAclRequest;
  return (fixed / saved).toFixed(1);
}

const dollars = (amount: number) => amount.toFixed(2);
const total = (each: Costs) => each.gateway + each.lambda + each.writes + each.forwarding + each.logs;

function row(what: string, units: string, each: Costs): string {
  const { gateway, lambda, writes, forwarding, logs } = each;
  return `| ${[what, units, ...[gateway, lambda, writes, forwarding, logs, total(each)].map(dollars)].join(' | ')} |`;
}

/** What becomes of a million forged requests, by what stands before the function. */
function floodRows(): string {
  const forged = costs(0, 0);
  const lines = logs(ASSUMED.accessLogKilobytes);
  const inspected = MILLION * PRICES.webAclRequest;
  const through = (requests: number) => ((total(forged) - lines) * requests) / MILLION;
  const throttled = 100 * 60 + 200;
  const rows: [guard: string, what: string, cost: string][] = [
    ['none', 'all reach the function, which refuses them by their signature', dollars(total(forged))],
    ['none, and `accessLogs: false`', 'the same, with one line a request less', dollars(total(forged) - lines)],
    [
      'the throttle of 100 a second, the flood in a minute',
      `${throttled.toLocaleString('en')} reach the function; the others are 429, not billed as far as is known, but logged`,
      dollars(through(throttled) + lines),
    ],
    [
      "a source's `allowedCidrs`, the flood from elsewhere",
      'none reaches the function; the gateway refuses them, not billed as far as is known, but logged',
      `${dollars(lines)}, or ${dollars(MILLION * PRICES.apiRequest + lines)} if billed`,
    ],
    [
      '`waf`, the flood from one address in a minute',
      'some 10,000 reach the function, and more until the rule sets in; all are inspected, which is billed; the others are 429 by the web ACL, not billed by the gateway as far as is known, but logged',
      `${dollars(inspected + through(10_000) + lines)} at least`,
    ],
    [
      '`waf`, the flood from thousands of addresses',
      'each stays under its limit: all reach the function, and all are inspected',
      dollars(inspected + total(forged)),
    ],
    ['`reservedConcurrency`', 'bounds what the function costs a second, not the gateway', 'as the first line at most'],
  ];
  return rows.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** The page, as it should be. */
export function costPage(): string {
  const rows = PAYLOADS.map(({ what, bytes, gzipRatio }) => {
    const plain = writeUnits(bytes);
    const stored = Math.min(plain, writeUnits(Math.ceil(bytes * gzipRatio)));
    const saved = dollars(MILLION * (plain - stored) * PRICES.writeUnit);
    return row(
      `${what} (${bytes.toLocaleString('en')} B)`,
      `${plain} → ${stored}, saves $${saved}`,
      costs(stored, bytes),
    );
  });
  const refused = row('refused: a forgery, say', '0', costs(0, 0));
  return `# What it costs

Written by \`npm run cost\` from the list prices of us-east-1 that [cli/docs/cost.ts](../cli/docs/cost.ts) names, without the free tier. Dollars for a million events; deliveries that are duplicates cost what new events do, less the delivery.

| payload | write units, plain → compressed | API Gateway | Lambda | DynamoDB | delivery | logs | all |
|-|-|-|-|-|-|-|-|
${[...rows, refused].join('\n')}

Assumed: ${ASSUMED.receiveMs} ms at ${ASSUMED.receiveGigabytes} GB to receive, ${ASSUMED.forwardMs} ms at ${ASSUMED.forwardGigabytes} GB an event to deliver, ${ASSUMED.eventsABatch} events a batch, ${ASSUMED.logKilobytes} KB of log and ${ASSUMED.accessLogKilobytes} KB of access log. None of these was measured on AWS. Besides, whatever comes: $0.40 a secret and month, $0.30 a metric and month, $0.10 an alarm and month, $3 a dashboard and month; storage, the archive and point-in-time recovery by the GB.

## What the edge costs

- **Metrics by method**, always on: ${METRICS_A_METHOD} metrics for each method of a source that is called, $${dollars(METRICS_A_METHOD * PRICES.metricMonth)} a month, if they are charged as custom metrics are. A source with a handshake by GET has two methods. The metrics of the whole API are free.
- **Access logs**, on by default: $${dollars(logs(ASSUMED.accessLogKilobytes))} for a million requests, whatever becomes of them.
- **Web ACL**, off by default: $${dollars(PRICES.webAclMonth + WEB_ACL_RULES * PRICES.webAclRuleMonth)} a month for it and its ${WEB_ACL_RULES} rules, and $${dollars(MILLION * PRICES.webAclRequest)} for a million requests, blocked or not. Bodies are inspected up to 16 KB, which has no further charge. By cost alone it pays where floods from few addresses are larger than ${breakEven()} million requests a month.
- **Custom domain**: no charge by API Gateway. A public certificate of CertificateManager is free. A hosted zone of Route 53 is charged by the month; queries for its alias records are not.

## A flood of a million forged requests

| guard | what reaches what | $ |
|-|-|-|
${floodRows()}

"As far as is known": AWS said once that API Gateway does not charge for what it refuses by authorization or throttling; the page that said so is gone, and the pricing page says nothing. None of it was measured here: look at the usage type \`ApiGatewayRequest\` in your bill. The fixed costs of the part above come on top. What is blocked is a line in the access log all the same: where a flood lasts, \`accessLogs: false\` takes that cost away, and with it the addresses that it came from.

A forged request costs no read of a secret (at most one every 30 s) and no request to DynamoDB.
`;
}

/** The command \`npm run cost\`. */
export function writeCostPage(): void {
  if (readOptions(HELP, {})) writeFileSync(FILE, costPage());
}
