import { GraphWidget, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import type { MonitoredForwarding, MonitoredReceiver } from './alarms.ts';
import {
  deadLetterCount,
  forgedShare,
  iteratorAge,
  ofSource,
  p99,
  serverErrors,
  sum,
  writeThrottles,
} from './metrics.ts';

const HALF = 12;

const graph = (title: string, left: IMetric[], right: IMetric[] = []) =>
  new GraphWidget({ title, left, right, width: HALF });

/** Of one source. */
export function sourceWidgets(source: string): GraphWidget[] {
  const counts = ['Processed', 'Duplicate', 'Conflict', 'Handshake', 'Unavailable', 'Failed', 'PreviousSecretUsed'];
  return [
    graph(
      `${source}: what came of it`,
      counts.map((name) => ofSource(name, source)),
    ),
    graph(`${source}: signatures refused`, [forgedShare(source)], [ofSource('Rejected', source, 'invalid_signature')]),
  ];
}

/** Of the API, the receiver and the table. */
export function receiverWidgets({ api, receiver, table }: MonitoredReceiver): GraphWidget[] {
  return [
    graph('API', [api.metricCount(sum)], [api.metricClientError(sum), serverErrors(api)]),
    graph(
      'Receiver',
      [receiver.metricErrors(sum), receiver.metricThrottles(sum), writeThrottles(table)],
      [p99(receiver)],
    ),
  ];
}

/** Of the way to the bus. */
export function forwardingWidgets(forwarding: MonitoredForwarding): GraphWidget[] {
  return [
    graph('Forwarder', [forwarding.function.metricErrors(sum)], [iteratorAge(forwarding.function)]),
    graph('Dead letters', [deadLetterCount(forwarding.deadLetters)]),
  ];
}
