import { Duration } from 'aws-cdk-lib';
import { Alarm, AlarmStatusWidget, ComparisonOperator, Dashboard, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { SourcesProps } from '../sources.ts';
import {
  type AlarmDefinition,
  forwardingAlarms,
  type MonitoredForwarding,
  type MonitoredOverflow,
  type MonitoredReceiver,
  overflowAlarms,
  receiverAlarms,
  sourceAlarms,
} from './alarms.ts';
import { forwardingGraphs, overflowGraphs, receiverGraphs, sourceGraphs } from './dashboard.ts';

/** Options of monitoring: the monitored resources and the topic of notifications. */
export interface MonitoringProps extends MonitoredReceiver {
  /** Name of the inbox. */
  readonly inbox: string;
  readonly sources: SourcesProps;
  readonly overflow: MonitoredOverflow;
  /** @default - the inbox does not forward events */
  readonly forwarding?: MonitoredForwarding | undefined;
  /**
   * Topic that is notified when an alarm fires and when it returns to OK.
   * @default - no notifications
   */
  readonly topic?: ITopic | undefined;
}

/** All of the dashboard's columns. */
const FULL_WIDTH = 24;

/** The alarms and the dashboard of an inbox. Each alarm's description links to its section of the runbook. */
export class Monitoring extends Construct {
  readonly alarms: readonly Alarm[];
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const { inbox } = props;
    const sources = Object.entries(props.sources);
    const definitions: Record<string, AlarmDefinition> = {
      ...receiverAlarms(props),
      ...overflowAlarms(props.overflow),
      ...(props.forwarding && forwardingAlarms(props.forwarding, props.table)),
      ...Object.assign({}, ...sources.map(([name, source]) => sourceAlarms({ inbox, name }, source))),
    };
    this.alarms = Object.entries(definitions).map(([name, definition]) => addAlarm(this, name, definition));
    if (props.topic) notify(props.topic, this.alarms);
    this.dashboard = new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.days(1),
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', width: FULL_WIDTH, alarms: [...this.alarms] })],
        ...sources.map(([name, source]) => sourceGraphs({ inbox, name }, source)),
        receiverGraphs(props),
        overflowGraphs(props.overflow),
        ...(props.forwarding ? [forwardingGraphs(props.forwarding)] : []),
      ],
    });
  }
}

/** Adds an alarm, whose description links to its section of the runbook. */
export function addAlarm(
  scope: Construct,
  id: string,
  { description, runbookSection, ...definition }: AlarmDefinition,
): Alarm {
  const { evaluationPeriods = 1, datapointsToAlarm = evaluationPeriods } = definition;
  return new Alarm(scope, id, {
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    ...definition,
    evaluationPeriods,
    datapointsToAlarm,
    alarmDescription: `${description} See docs/operations.md#${runbookSection}`,
  });
}

/** Notifies a topic when one of the alarms fires and when it returns to OK. */
export function notify(topic: ITopic, alarms: readonly Alarm[]): void {
  const action = new SnsAction(topic);
  for (const alarm of alarms) {
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}
