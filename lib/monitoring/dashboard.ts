import { GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import { onInvalidOf, type SourceProps } from '../sources.ts';
import type { MonitoredForwarding, MonitoredOverflow, MonitoredReceiver } from './alarms.ts';
import {
  deadLetterCount,
  durationP99,
  invalidRate,
  invalidSignatureRate,
  iteratorAge,
  type MonitoredSource,
  messageCount,
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

/** Graphs of one source. `DuplicateDiffers` has no alarm, because some providers change every payload that they retry. */
export function sourceGraphs(source: MonitoredSource, props: SourceProps): GraphWidget[] {
  const onInvalid = onInvalidOf(props);
  const counts = COUNTS.map((name) => sourceMetric(name, source));
  const rates = [invalidSignatureRate(source, onInvalid), invalidRate(source, onInvalid)];
  const rejections = REJECTIONS.map((reason) => sourceMetric('Rejected', source, reason));
  return [graph(`${source.name}: outcomes`, counts), graph(`${source.name}: refused and invalid`, rates, rejections)];
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
