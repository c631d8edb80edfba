import { writeFileSync } from 'node:fs';
import { readArguments } from './command-line.ts';

const HELP = `Writes docs/cost.md: what a million events cost, by the size of their payloads.

  npm run cost`;

const FILE = new URL('../docs/cost.md', import.meta.url);

/**
 * List prices of us-east-1 in US dollars, without the free tier, as published by AWS.
 * @see https://aws.amazon.com/api-gateway/pricing/
 * @see https://aws.amazon.com/lambda/pricing/
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/
 * @see https://aws.amazon.com/eventbridge/pricing/
 * @see https://aws.amazon.com/cloudwatch/pricing/
 */
const PRICES = {
  apiRequest: 3.5e-6,
  lambdaRequest: 0.2e-6,
  lambdaGigabyteSecond: 0.0000133334,
  writeUnit: 0.625e-6,
  busEvent: 1e-6,
  logGigabyte: 0.5,
};

/** What is assumed of a delivery; put in what your own account bills. */
const ASSUMED = {
  receiveMs: 20,
  receiveGigabytes: 1,
  deliverMs: 10,
  deliverGigabytes: 0.5,
  eventsABatch: 5,
  logKilobytes: 1,
};

const MILLION = 1_000_000;
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
  readonly delivery: number;
  readonly logs: number;
}

const writeUnits = (payloadBytes: number) => Math.ceil((payloadBytes + OTHER_ATTRIBUTES_BYTES) / WRITE_UNIT_BYTES);

const lambda = (calls: number, milliseconds: number, gigabytes: number) =>
  calls * (PRICES.lambdaRequest + (milliseconds / 1000) * gigabytes * PRICES.lambdaGigabyteSecond);

/** @param units write units an event; 0 for a request that is refused */
function costs(units: number, bytes: number): Costs {
  const { receiveMs, receiveGigabytes, deliverMs, deliverGigabytes, eventsABatch, logKilobytes } = ASSUMED;
  const batches = MILLION / eventsABatch;
  const deliver = lambda(batches, deliverMs * eventsABatch, deliverGigabytes);
  const chunks = Math.ceil((bytes + OTHER_ATTRIBUTES_BYTES) / BUS_CHUNK_BYTES);
  return {
    gateway: MILLION * PRICES.apiRequest,
    lambda: lambda(MILLION, receiveMs, receiveGigabytes),
    writes: MILLION * units * PRICES.writeUnit,
    delivery: units === 0 ? 0 : deliver + MILLION * chunks * PRICES.busEvent,
    logs: ((MILLION * logKilobytes) / 1024 ** 2) * PRICES.logGigabyte,
  };
}

const dollars = (amount: number) => amount.toFixed(2);
const total = (each: Costs) => each.gateway + each.lambda + each.writes + each.delivery + each.logs;

function row(what: string, units: string, each: Costs): string {
  const { gateway, lambda, writes, delivery, logs } = each;
  return `| ${[what, units, ...[gateway, lambda, writes, delivery, logs, total(each)].map(dollars)].join(' | ')} |`;
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

Written by \`npm run cost\` from the list prices of us-east-1 that [local/cost.ts](../local/cost.ts) names, without the free tier. Dollars for a million events; deliveries that are duplicates cost what new events do, less the delivery.

| payload | write units, plain → compressed | API Gateway | Lambda | DynamoDB | delivery | logs | all |
|-|-|-|-|-|-|-|-|
${[...rows, refused].join('\n')}

Assumed: ${ASSUMED.receiveMs} ms at ${ASSUMED.receiveGigabytes} GB to receive, ${ASSUMED.deliverMs} ms at ${ASSUMED.deliverGigabytes} GB an event to deliver, ${ASSUMED.eventsABatch} events a batch, ${ASSUMED.logKilobytes} KB of log. None of these was measured on AWS. Besides, whatever comes: $0.40 a secret and month, $0.30 a metric and month, $0.10 an alarm and month, $3 a dashboard and month; storage, the archive and point-in-time recovery by the GB.

## A flood of a million forged requests

| guard | what reaches what | $ |
|-|-|-|
| none | all of them reach the function, which refuses them by their signature | ${dollars(total(costs(0, 0)))} |
| a source's \`allowedCidrs\`, the flood from elsewhere | the gateway refuses them; whether it bills a request that its policy refuses is for AWS's bill to say, so count | ${dollars(MILLION * PRICES.apiRequest)} at most |
| a throttle of 100 a second, the flood in a minute | 6,000 and a burst reach the function; the rest are 429, which API Gateway does not bill as far as AWS says | ${dollars((total(costs(0, 0)) * 6_200) / MILLION)} |
| \`reservedConcurrency\` | bounds what the function costs a second, not the gateway | as the first line at most |

A forged request costs no read of a secret (at most one every 30 s) and no request to DynamoDB.
`;
}

/** The command \`npm run cost\`. */
export function writeCostPage(): void {
  if (readArguments(HELP, {})) writeFileSync(FILE, costPage());
}
