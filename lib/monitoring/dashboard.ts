import { GraphWidget, type IMetric, MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import { onInvalidOf, type SourceProps } from '../sources.ts';
import type { MonitoredForwarding, MonitoredOverflow, MonitoredReceiver } from './alarms.ts';
import {
  deadLetterCount,
  durationP99,
  invalidRate,
  invalidSignatureRate,
  iteratorAge,
  labelOf,
  type MonitoredSource,
  messageCount,
  PERIOD,
  serverErrors,
  sourceMetric,
  sum,
  writeThrottles,
} from './metrics.ts';

/** Half of the dashboard's 24 columns. */
const HALF_WIDTH = 12;

const graph = (title: string, left: IMetric[], right: IMetric[] = []) =>
  new GraphWidget({ title, left, right, width: HALF_WIDTH });

/** The metrics that count events and deliveries of a source. */
const COUNTS = [
  'Processed',
  'Duplicate',
  'DuplicateDiffers',
  'Conflict',
  'Quarantined',
  'Queued',
  'Handshake',
  'Unavailable',
  'Failed',
  'PreviousSecretUsed',
];
/** The reasons why a delivery is rejected before anything of it is stored. */
const REJECTIONS = ['invalid_signature', 'payload_too_large', 'unsupported_media_type'];

/**
 * Graphs of one source, or of all together. `DuplicateDiffers` has no alarm, because some providers change every payload
 * that they retry.
 */
export function sourceGraphs(source: MonitoredSource, props: readonly SourceProps<string>[]): GraphWidget[] {
  const onInvalid = props.map(onInvalidOf);
  const counts = COUNTS.map((name) => sourceMetric(name, source));
  const rates = [invalidSignatureRate(source, onInvalid), invalidRate(source, onInvalid)];
  const rejections = REJECTIONS.map((reason) => sourceMetric('Rejected', source, reason));
  const label = labelOf(source);
  return [graph(`${label}: outcomes`, counts), graph(`${label}: refused and invalid`, rates, rejections)];
}

/** The most sources in a graph that searches for them. */
const MAX_SEARCHED = 20;

/** The metrics that an alarm watches, and that count something wrong. */
const FAILURES = ['Unavailable', 'Failed', 'Conflict', 'Quarantined'];

/** Graphs of the sources with the highest values, whatever their number and names are. */
export function topSourcesGraphs(inbox: string): GraphWidget[] {
  const named = (names: readonly string[]) => names.map((name) => `MetricName="${name}"`).join(' OR ');
  const bySource = (names: readonly string[]) =>
    `{WebhookInbox,inbox,service,source} inbox="${inbox}" (${named(names)})`;
  const refused = `{WebhookInbox,inbox,reason,service,source} inbox="${inbox}" MetricName="Rejected" reason="invalid_signature"`;
  return [
    graph(`${MAX_SEARCHED} sources with the most events`, [topOf(bySource(['Processed']))]),
    graph(`${MAX_SEARCHED} sources with the most failures`, [topOf(bySource(FAILURES))]),
    graph(`${MAX_SEARCHED} sources with the most refused signatures`, [topOf(refused)]),
  ];
}

/**
 * The metrics that a search finds with the highest sums.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
 */
function topOf(search: string): MathExpression {
  return new MathExpression({
    expression: `SORT(SEARCH('${search}', 'Sum', ${PERIOD.toSeconds()}), SUM, DESC, ${MAX_SEARCHED})`,
    label: '',
    usingMetrics: {},
    period: PERIOD,
  });
}

/** Graphs of the API, the receiver and the table. */
export function receiverGraphs({ api, receiver, table }: MonitoredReceiver): GraphWidget[] {
  const failures = [receiver.metricErrors(sum), receiver.metricThrottles(sum), writeThrottles(table)];
  return [
    graph('API', [api.metricCount(sum)], [api.metricClientError(sum), serverErrors(api)]),
    graph('Receiver', failures, [durationP99(receiver)]),
  ];
}

/** Graphs of the overflow. */
export function overflowGraphs({ queue, deadLetters }: MonitoredOverflow): GraphWidget[] {
  return [graph('Overflow queue', [messageCount(queue), deadLetterCount(deadLetters)])];
}

/** Graphs of forwarding. */
export function forwardingGraphs(forwarding: MonitoredForwarding): GraphWidget[] {
  return [
    graph('Forwarder', [forwarding.function.metricErrors(sum)], [iteratorAge(forwarding.function)]),
    graph('Dead letters', [deadLetterCount(forwarding.deadLetters)]),
  ];
}
