import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { constructId } from '../construct-id.ts';
import { periodOfSilence, type SourceOptions } from '../sources.ts';
import {
  deadLetterCount,
  forgedShare,
  iteratorAge,
  ofSource,
  p99,
  serverErrors,
  silence,
  sum,
  writeThrottles,
} from './metrics.ts';

/** What receives. */
export interface MonitoredReceiver {
  readonly api: RestApi;
  readonly receiver: IFunction;
  readonly table: ITable;
}

/** What delivers. */
export interface MonitoredForwarding {
  readonly function: IFunction;
  readonly deadLetters: IQueue;
}

/** When an alarm goes off, and what it says then. */
export interface Watch {
  readonly metric: IMetric;
  /** The least value that is too much. */
  readonly threshold: number;
  /** How many of the last periods are looked at. @default only the last one */
  readonly periods?: number;
  /** How many of those have to be too much. @default all of them */
  readonly breaching?: number;
  /** Whether it is too much as well where there is no data. @default it is no trouble */
  readonly isMissingTrouble?: boolean;
  /** What happened and what to do, in a sentence or two. */
  readonly says: string;
  /** The anchor of its heading in docs/operations.md. */
  readonly section: string;
}

/** How long Slack, the least patient of the providers, waits for an answer, less what the network takes; in ms. */
const TOO_SLOW_MS = 2_500;

/** On the API, the receiver and the table. */
export function receiverAlarms({ api, receiver, table }: MonitoredReceiver): Record<string, Watch> {
  return {
    ApiErrors: {
      metric: serverErrors(api),
      threshold: 5,
      says: 'Providers were answered with 5xx, and will retry. Find out whether the function, its table or a secret fails.',
      section: 'api-errors',
    },
    ReceiverErrors: {
      metric: receiver.metricErrors(sum),
      threshold: 1,
      says: 'The receiver crashed or ran out of time or memory. Read its log.',
      section: 'receiver-errors',
    },
    ReceiverThrottles: {
      metric: receiver.metricThrottles(sum),
      threshold: 1,
      says: 'Lambda had no room for the receiver. Raise the concurrency, or lower the throttle of the API.',
      section: 'receiver-throttles',
    },
    ReceiverSlow: {
      metric: p99(receiver),
      threshold: TOO_SLOW_MS,
      periods: 3,
      breaching: 2,
      says: 'One delivery in a hundred takes nearly as long as Slack waits (3 s). Compare StoreLatency with the duration.',
      section: 'receiver-slow',
    },
    TableThrottles: {
      metric: writeThrottles(table),
      threshold: 1,
      says: 'The table refused writes for a while. See whether traffic jumped, and whether a quota of the table is reached.',
      section: 'table-throttles',
    },
  };
}

/** On one source. */
export function sourceAlarms(source: string, { silentAfter }: SourceOptions): Record<string, Watch> {
  const id = constructId(source);
  return {
    [`${id}SignaturesRefused`]: {
      metric: forgedShare(source),
      threshold: 50,
      says: `Source ${source}: half of the signatures or more do not hold. See whether its secret is right, or someone forges.`,
      section: 'signatures-refused',
    },
    [`${id}Unavailable`]: {
      metric: ofSource('Unavailable', source),
      threshold: 5,
      says: `Source ${source}: events could not be stored, its provider was told to retry. See the table and the secret.`,
      section: 'unavailable',
    },
    [`${id}Conflict`]: {
      metric: ofSource('Conflict', source),
      threshold: 1,
      says: `Source ${source}: an event came under an id that another payload has. Ask the provider which one is meant.`,
      section: 'conflict',
    },
    [`${id}Failed`]: {
      metric: ofSource('Failed', source),
      threshold: 1,
      says: `Source ${source}: the receiver has a defect, and answered 500. Read its log, mend it, deploy.`,
      section: 'failed',
    },
    ...(silentAfter && { [`${id}Silent`]: silenceAlarm(source, silentAfter) }),
  };
}

/** Every period has to be silent; a source that never got anything has no data at all. */
function silenceAlarm(source: string, silentAfter: Duration): Watch {
  const period = periodOfSilence(silentAfter);
  return {
    metric: silence(source, period),
    threshold: 1,
    periods: silentAfter.toSeconds() / period.toSeconds(),
    isMissingTrouble: true,
    says: `Source ${source}: nothing came for ${silentAfter.toHumanString()}. See whether its provider still sends, and where to.`,
    section: 'source-silent',
  };
}

/** On the way to the bus. */
export function forwardingAlarms(forwarding: MonitoredForwarding): Record<string, Watch> {
  return {
    ForwarderErrors: {
      metric: forwarding.function.metricErrors(sum),
      threshold: 1,
      says: 'The forwarder crashed or ran out of time or memory; its batch comes again. Read its log.',
      section: 'forwarder-errors',
    },
    ForwarderThrottles: {
      metric: forwarding.function.metricThrottles(sum),
      threshold: 1,
      says: 'Lambda had no room for the forwarder; stored events wait. Raise the concurrency of the account.',
      section: 'forwarder-throttles',
    },
    ForwardingLate: {
      metric: iteratorAge(forwarding.function),
      threshold: Duration.minutes(5).toMilliseconds(),
      says: 'Stored events reach the bus over 5 minutes late, and are given up after 23 hours. Read the log of the forwarder.',
      section: 'forwarding-late',
    },
    DeadLetters: {
      metric: deadLetterCount(forwarding.deadLetters),
      threshold: 1,
      says: 'Events were given up on their way to the bus. Mend the cause, then deliver them again by their ids.',
      section: 'dead-letters',
    },
  };
}
