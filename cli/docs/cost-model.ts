import { writeUnits } from '../../lambda/payloads/write-units.ts';

/**
 * List prices of us-east-1 in US dollars, without the free tier, as of November 2026.
 * @see https://aws.amazon.com/api-gateway/pricing/
 * @see https://aws.amazon.com/lambda/pricing/
 * @see https://aws.amazon.com/dynamodb/pricing/on-demand/
 * @see https://aws.amazon.com/s3/pricing/
 * @see https://aws.amazon.com/eventbridge/pricing/
 * @see https://aws.amazon.com/cloudwatch/pricing/
 * @see https://aws.amazon.com/secrets-manager/pricing/
 * @see https://aws.amazon.com/kms/pricing/
 * @see https://aws.amazon.com/waf/pricing/
 */
export const PRICES = {
  apiRequest: 3.5e-6,
  lambdaRequest: 0.2e-6,
  lambdaGigabyteSecond: 0.0000133334,
  writeUnit: 0.625e-6,
  /** PutObject, S3 Standard. */
  objectPut: 5e-6,
  busEvent: 1e-6,
  logGigabyte: 0.5,
  secretMonth: 0.4,
  metricMonth: 0.3,
  alarmMetricMonth: 0.1,
  dashboardMonth: 3,
  /** A customer managed key of KMS, and a request for its use. */
  keyMonth: 1,
  keyRequest: 3e-6,
  webAclMonth: 5,
  webAclRuleMonth: 1,
  webAclRequest: 0.6e-6,
} as const;

/** Assumptions about a delivery. Replace them with the figures on your own bill. */
export const ASSUMED = {
  receiveMs: 20,
  receiveGigabytes: 1,
  /** Per event. */
  forwardMs: 10,
  forwardGigabytes: 0.5,
  eventsPerBatch: 5,
  /** The delivery's log line, its metrics, and the lines of Lambda. */
  logKilobytes: 1,
  accessLogKilobytes: 0.4,
} as const;

/**
 * The alarms and dashboards that an inbox creates by default, and the metrics that those alarms evaluate. CloudWatch
 * charges for the metrics: an alarm on an expression has several.
 */
export const MONITORING = {
  alarms: 13,
  alarmMetrics: 16,
  /** By the source's `onInvalid`. */
  perSource: {
    quarantine: { alarms: 6, alarmMetrics: 10 },
    reject: { alarms: 5, alarmMetrics: 12 },
  },
  dashboards: 1,
} as const;

/** Metrics of a method of the API: Count, 4XXError, 5XXError, Latency and IntegrationLatency. */
export const METRICS_PER_METHOD = 5;
/**
 * The most metrics that the receiver itself reports about a source, and once more about all sources together: Processed, Duplicate, Conflict or DuplicateDiffers,
 * Quarantined and 8 reasons of it, Queued, Rejected for 4 reasons, Handshake, Unavailable, Failed, PreviousSecretUsed and
 * StoreLatency.
 */
export const METRICS_PER_SOURCE = 22;
/** The rules of the web ACL: the limit per address, and AWS's common rules. */
export const WEB_ACL_RULES = 2;

export const MILLION = 1_000_000;

/** The attributes of an item besides its payload. */
const OTHER_ATTRIBUTES_BYTES = 350;
/** EventBridge charges an event per chunk of its size. */
const BUS_CHUNK_BYTES = 64 * 1024;

/** An item or a request: its payload in bytes, and the part of them that gzip leaves. */
export interface Payload {
  readonly bytes: number;
  readonly gzipRatio: number;
}

/** Costs of a million requests, in dollars. */
export interface RequestCosts {
  readonly gateway: number;
  readonly receiving: number;
  readonly writes: number;
  readonly forwarding: { readonly lambda: number; readonly bus: number };
  readonly logs: number;
}

/** The write units of an item with a payload, plain and as the receiver stores it. */
export function unitsOf({ bytes, gzipRatio }: Payload): { readonly plain: number; readonly stored: number } {
  const plain = writeUnits(bytes + OTHER_ATTRIBUTES_BYTES);
  const compressed = writeUnits(Math.ceil(bytes * gzipRatio) + OTHER_ATTRIBUTES_BYTES);
  return { plain, stored: Math.min(plain, compressed) };
}

/** The costs of a million new events. */
export function eventCosts(payload: Payload): RequestCosts {
  const batches = MILLION / ASSUMED.eventsPerBatch;
  const chunks = Math.ceil((payload.bytes + OTHER_ATTRIBUTES_BYTES) / BUS_CHUNK_BYTES);
  return {
    ...refusalCosts(),
    writes: MILLION * unitsOf(payload).stored * PRICES.writeUnit,
    forwarding: {
      lambda: lambdaCost(batches, ASSUMED.forwardMs * ASSUMED.eventsPerBatch, ASSUMED.forwardGigabytes),
      bus: MILLION * chunks * PRICES.busEvent,
    },
  };
}

/** The costs of a million requests that are refused, such as forgeries: nothing is written or forwarded. */
export function refusalCosts(): RequestCosts {
  return {
    gateway: MILLION * PRICES.apiRequest,
    receiving: lambdaCost(MILLION, ASSUMED.receiveMs, ASSUMED.receiveGigabytes),
    writes: 0,
    forwarding: { lambda: 0, bus: 0 },
    logs: logCost(ASSUMED.logKilobytes + ASSUMED.accessLogKilobytes),
  };
}

/** The sum of all costs of a million requests, in dollars. */
export function total({ gateway, receiving, writes, forwarding, logs }: RequestCosts): number {
  return gateway + receiving + writes + forwarding.lambda + forwarding.bus + logs;
}

/** The cost of a million log entries, in dollars. */
export const logCost = (kilobytes: number) => ((MILLION * kilobytes) / 1024 ** 2) * PRICES.logGigabyte;

function lambdaCost(calls: number, milliseconds: number, gigabytes: number): number {
  return calls * (PRICES.lambdaRequest + (milliseconds / 1000) * gigabytes * PRICES.lambdaGigabyteSecond);
}
