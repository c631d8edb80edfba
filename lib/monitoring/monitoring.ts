import { Duration } from 'aws-cdk-lib';
import { Alarm, AlarmStatusWidget, ComparisonOperator, Dashboard, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { SourcesProps } from '../sources.ts';
import {
  forwardingAlarms,
  type MonitoredForwarding,
  type MonitoredReceiver,
  receiverAlarms,
  sourceAlarms,
  type Watch,
} from './alarms.ts';
import { forwardingWidgets, receiverWidgets, sourceWidgets } from './dashboard.ts';

/** What is watched, and who is told. */
export interface MonitoringProps extends MonitoredReceiver {
  readonly sources: SourcesProps;
  /** @default the inbox delivers nothing */
  readonly forwarding?: MonitoredForwarding | undefined;
  /** Is told when an alarm goes off, and when it is over. @default nobody is told */
  readonly topic?: ITopic | undefined;
}

const WIDE = 24;

/** Alarms on all that can go wrong with an inbox, and a dashboard; each alarm says where to read what to do. */
export class Monitoring extends Construct {
  readonly alarms: readonly Alarm[];
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    const sources = Object.entries(props.sources);
    const watches = {
      ...receiverAlarms(props),
      ...(props.forwarding && forwardingAlarms(props.forwarding)),
      ...Object.assign({}, ...sources.map(([name, source]) => sourceAlarms(name, source))),
    };
    this.alarms = Object.entries<Watch>(watches).map(([name, watch]) => this.alarm(name, watch));
    if (props.topic) notify(props.topic, this.alarms);
    this.dashboard = new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.days(1),
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', width: WIDE, alarms: [...this.alarms] })],
        ...sources.map(([name]) => sourceWidgets(name)),
        receiverWidgets(props),
        ...(props.forwarding ? [forwardingWidgets(props.forwarding)] : []),
      ],
    });
  }

  /** No data is mostly no news: what is counted has no value as long as it does not happen. */
  private alarm(name: string, { metric, threshold, periods = 1, breaching = periods, ...watch }: Watch): Alarm {
    return new Alarm(this, name, {
      metric,
      threshold,
      evaluationPeriods: periods,
      datapointsToAlarm: breaching,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: watch.isMissingTrouble ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      alarmDescription: `${watch.says} See docs/operations.md#${watch.section}`,
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
