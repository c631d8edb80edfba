import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  Alarm,
  AlarmStatusWidget,
  ComparisonOperator,
  Dashboard,
  GraphWidget,
  type IMetric,
  MathExpression,
  Metric,
  Stats,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { constructId } from './construct-id.ts';

/** What is watched, and who is told. */
export interface InboxMonitoringProps {
  /** The names of the sources. */
  readonly sources: readonly string[];
  readonly api: RestApi;
  readonly receiver: IFunction;
  readonly table: ITable;
  /** @default the inbox delivers nothing */
  readonly delivery?: { readonly function: IFunction; readonly deadLetters: IQueue } | undefined;
  /** Is told when an alarm goes off, and when it is over. @default nobody is told */
  readonly topic?: ITopic | undefined;
}

/** When an alarm goes off, and what it says then. */
interface Watch {
  readonly metric: IMetric;
  /** The least value that is too much. */
  readonly threshold: number;
  /** How many of the last three periods have to be too much. @default one, and only the last one counts */
  readonly ofThree?: number;
  /** What happened and what to do, in a sentence or two. */
  readonly says: string;
  /** The anchor of its heading in docs/operations.md. */
  readonly section: string;
}

const PERIOD = Duration.minutes(5);
const WIDE = 24;
const HALF = 12;

/** Below so many signatures in a period, a ratio says nothing. */
const MIN_SIGNATURES = 20;

/** How long Slack, the least patient of the providers, waits for an answer, less what the network takes; in ms. */
const TOO_SLOW_MS = 2_500;

/** Alarms on all that can go wrong with an inbox, and a dashboard; each alarm says where to read what to do. */
export class InboxMonitoring extends Construct {
  readonly alarms: readonly Alarm[];
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: InboxMonitoringProps) {
    super(scope, id);
    const watches = {
      ...watchesOfReceiver(props),
      ...(props.delivery && watchesOfDelivery(props.delivery)),
      ...Object.assign({}, ...props.sources.map(watchesOfSource)),
    };
    this.alarms = Object.entries<Watch>(watches).map(([name, watch]) => this.alarm(name, watch));
    if (props.topic) notify(props.topic, this.alarms);
    this.dashboard = new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.days(1),
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', width: WIDE, alarms: [...this.alarms] })],
        ...props.sources.map(widgetsOfSource),
        widgetsOfReceiver(props),
        ...(props.delivery ? [widgetsOfDelivery(props.delivery)] : []),
      ],
    });
  }

  /** No data is no news everywhere: what is counted here has no value as long as it does not happen. */
  private alarm(name: string, { metric, threshold, ofThree, says, section }: Watch): Alarm {
    return new Alarm(this, name, {
      metric,
      threshold,
      evaluationPeriods: ofThree ? 3 : 1,
      datapointsToAlarm: ofThree ?? 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: `${says} See docs/operations.md#${section}`,
    });
  }
}

function notify(topic: ITopic, alarms: readonly Alarm[]): void {
  const action = new SnsAction(topic);
  for (const alarm of alarms) {
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}

const sum = { statistic: Stats.SUM, period: PERIOD };

const serverErrors = (api: RestApi) => api.metricServerError(sum);
const p99 = (watched: IFunction) => watched.metricDuration({ statistic: Stats.p(99), period: PERIOD });
const writeThrottles = (table: ITable) => table.metric('WriteThrottleEvents', sum);
const iteratorAge = (deliverer: IFunction) =>
  deliverer.metric('IteratorAge', { statistic: Stats.MAXIMUM, period: PERIOD });
const deadLetterCount = (queue: IQueue) =>
  queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period: PERIOD });

/** A metric that the receiver itself reports of a source. */
function ofSource(metricName: string, source: string, reason?: string, statistic: string = Stats.SUM): Metric {
  return new Metric({
    namespace: 'WebhookInbox',
    metricName,
    dimensionsMap: { service: 'webhook-inbox', source, ...(reason && { reason }) },
    statistic,
    period: PERIOD,
  });
}

/**
 * The share of signatures that did not hold, in percent. A delivery whose signature held went on to the table, where it
 * counts once however many events it brought, or did not match the schema.
 */
function forgedShare(source: string): MathExpression {
  return new MathExpression({
    label: `${source}: signatures refused, %`,
    expression: `IF(${SIGNATURES} >= ${MIN_SIGNATURES}, 100 * FILL(refused, 0) / ${SIGNATURES}, 0)`,
    usingMetrics: {
      refused: ofSource('Rejected', source, 'invalid_signature'),
      stored: ofSource('StoreLatency', source, undefined, Stats.SAMPLE_COUNT),
      mismatched: ofSource('Rejected', source, 'invalid_event'),
    },
    period: PERIOD,
  });
}

const SIGNATURES = '(FILL(refused, 0) + FILL(stored, 0) + FILL(mismatched, 0))';

function watchesOfReceiver({ api, receiver, table }: InboxMonitoringProps): Record<string, Watch> {
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
      ofThree: 2,
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

function watchesOfSource(source: string): Record<string, Watch> {
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
  };
}

type Delivery = NonNullable<InboxMonitoringProps['delivery']>;

function watchesOfDelivery(delivery: Delivery): Record<string, Watch> {
  return {
    DelivererErrors: {
      metric: delivery.function.metricErrors(sum),
      threshold: 1,
      says: 'The deliverer crashed or ran out of time or memory; its batch comes again. Read its log.',
      section: 'deliverer-errors',
    },
    DeliveryLate: {
      metric: iteratorAge(delivery.function),
      threshold: Duration.minutes(5).toMilliseconds(),
      says: 'Stored events reach the bus over 5 minutes late, and are given up after 23 hours. Read the log of the deliverer.',
      section: 'delivery-late',
    },
    DeadLetters: {
      metric: deadLetterCount(delivery.deadLetters),
      threshold: 1,
      says: 'Events were given up on their way to the bus. Mend the cause, then deliver them again by their ids.',
      section: 'dead-letters',
    },
  };
}

const graph = (title: string, left: IMetric[], right: IMetric[] = []) =>
  new GraphWidget({ title, left, right, width: HALF });

function widgetsOfSource(source: string): GraphWidget[] {
  const counts = ['Processed', 'Duplicate', 'Conflict', 'Greeted', 'Unavailable', 'Failed', 'PreviousSecretUsed'];
  return [
    graph(
      `${source}: what came of it`,
      counts.map((name) => ofSource(name, source)),
    ),
    graph(`${source}: signatures refused`, [forgedShare(source)], [ofSource('Rejected', source, 'invalid_signature')]),
  ];
}

function widgetsOfReceiver({ api, receiver, table }: InboxMonitoringProps): GraphWidget[] {
  return [
    graph('API', [api.metricCount(sum)], [api.metricClientError(sum), serverErrors(api)]),
    graph(
      'Receiver',
      [receiver.metricErrors(sum), receiver.metricThrottles(sum), writeThrottles(table)],
      [p99(receiver)],
    ),
  ];
}

function widgetsOfDelivery(delivery: Delivery): GraphWidget[] {
  return [
    graph('Deliverer', [delivery.function.metricErrors(sum)], [iteratorAge(delivery.function)]),
    graph('Dead letters', [deadLetterCount(delivery.deadLetters)]),
  ];
}
