import { Duration } from 'aws-cdk-lib';
import { Alarm, AlarmStatusWidget, ComparisonOperator, Dashboard, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { SourcesProps } from '../sources.ts';
import {
  type Watch,
  type WatchedDelivery,
  type WatchedReceiver,
  watchesOfDelivery,
  watchesOfReceiver,
  watchesOfSource,
} from './alarms.ts';
import { widgetsOfDelivery, widgetsOfReceiver, widgetsOfSource } from './dashboard.ts';

/** What is watched, and who is told. */
export interface InboxMonitoringProps extends WatchedReceiver {
  readonly sources: SourcesProps;
  /** @default the inbox delivers nothing */
  readonly delivery?: WatchedDelivery | undefined;
  /** Is told when an alarm goes off, and when it is over. @default nobody is told */
  readonly topic?: ITopic | undefined;
}

const WIDE = 24;

/** Alarms on all that can go wrong with an inbox, and a dashboard; each alarm says where to read what to do. */
export class InboxMonitoring extends Construct {
  readonly alarms: readonly Alarm[];
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: InboxMonitoringProps) {
    super(scope, id);
    const sources = Object.entries(props.sources);
    const watches = {
      ...watchesOfReceiver(props),
      ...(props.delivery && watchesOfDelivery(props.delivery)),
      ...Object.assign({}, ...sources.map(([name, source]) => watchesOfSource(name, source))),
    };
    this.alarms = Object.entries<Watch>(watches).map(([name, watch]) => this.alarm(name, watch));
    if (props.topic) notify(props.topic, this.alarms);
    this.dashboard = new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.days(1),
      widgets: [
        [new AlarmStatusWidget({ title: 'Alarms', width: WIDE, alarms: [...this.alarms] })],
        ...sources.map(([name]) => widgetsOfSource(name)),
        widgetsOfReceiver(props),
        ...(props.delivery ? [widgetsOfDelivery(props.delivery)] : []),
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
