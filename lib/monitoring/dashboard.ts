import { GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { MonitoredForwarding, MonitoredReceiver } from './alarms.ts';
import {
  deadLetterCount,
  durationP99,
  invalidSignatureRate,
  iteratorAge,
  serverErrors,
  sourceMetric,
  sum,
  writeThrottles,
} from './metrics.ts';

/** Half of the dashboard's 24 columns. */
const HALF_WIDTH = 12;

const graph = (title: string, left: IMetric[], right: IMetric[] = []) =>
  new GraphWidget({ title, left, right, width: HALF_WIDTH });

/** Graphs of one source. */
export function sourceGraphs(source: string): GraphWidget[] {
  const outcomes = ['Processed', 'Duplicate', 'Conflict', 'Handshake', 'Unavailable', 'Failed', 'PreviousSecretUsed'];
  const counts = outcomes.map((name) => sourceMetric(name, source));
  const refused = sourceMetric('Rejected', source, 'invalid_signature');
  return [
    graph(`${source}: outcomes`, counts),
    graph(`${source}: signatures refused`, [invalidSignatureRate(source)], [refused]),
  ];
}

/** Graphs of the API, the receiver and the table. */
export function receiverGraphs({ api, receiver, table }: MonitoredReceiver): GraphWidget[] {
  const failures = [receiver.metricErrors(sum), receiver.metricThrottles(sum), writeThrottles(table)];
  return [
    graph('API', [api.metricCount(sum)], [api.metricClientError(sum), serverErrors(api)]),
    graph('Receiver', failures, [durationP99(receiver)]),
  ];
}

/** Graphs of forwarding. */
export function forwardingGraphs(forwarding: MonitoredForwarding): GraphWidget[] {
  return [
    graph('Forwarder', [forwarding.function.metricErrors(sum)], [iteratorAge(forwarding.function)]),
    graph('Dead letters', [deadLetterCount(forwarding.deadLetters)]),
  ];
}
