import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  AlarmStatusWidget,
  ComparisonOperator,
  Dashboard,
  type IWidget,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Construct } from 'constructs';
import type { SourcesProps } from '../sources.ts';
import { DEFAULT_THRESHOLDS } from './alarm-thresholds.ts';
import {
  type AlarmDefinition,
  allSourcesAlarms,
  forwardingAlarms,
  type MonitoredForwarding,
  type MonitoredOverflow,
  type MonitoredReceiver,
  overflowAlarms,
  receiverAlarms,
  silenceAlarms,
  sourceAlarms,
} from './alarms.ts';
import { type AlarmActions, type AlarmsProps, sourcesWithAlarms } from './alarms-props.ts';
import { forwardingGraphs, overflowGraphs, receiverGraphs, sourceGraphs, topSourcesGraphs } from './dashboard.ts';

/** Options of monitoring: the monitored resources, and the options of alarms. */
export interface MonitoringProps extends MonitoredReceiver {
  /** Name of the inbox. */
  readonly inbox: string;
  readonly sources: SourcesProps<string>;
  readonly overflow: MonitoredOverflow;
  /** @default - the inbox does not forward events */
  readonly forwarding?: MonitoredForwarding | undefined;
  readonly alarms: AlarmsProps;
}

/** All of the dashboard's columns. */
const FULL_WIDTH = 24;

/**
 * The most alarms of a widget.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html
 */
const MAX_ALARMS_PER_WIDGET = 100;

/** The alarms and the dashboard of an inbox. Each alarm's description links to its section of the runbook. */
export class Monitoring extends Construct {
  readonly alarms: readonly Alarm[];
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, props: MonitoringProps) {
    super(scope, id);
    this.alarms = Object.entries(definitionsOf(props)).map(([name, definition]) => addAlarm(this, name, definition));
    addActions(this.alarms, props.alarms);
    this.dashboard = new Dashboard(this, 'Dashboard', {
      defaultInterval: Duration.days(1),
      widgets: [
        this.alarmWidgets(),
        ...graphsOfSources(props),
        receiverGraphs(props),
        overflowGraphs(props.overflow),
        ...(props.forwarding ? [forwardingGraphs(props.forwarding)] : []),
      ],
    });
  }

  private alarmWidgets(): IWidget[] {
    const starts = Array.from(
      { length: Math.ceil(this.alarms.length / MAX_ALARMS_PER_WIDGET) },
      (_, index) => index * MAX_ALARMS_PER_WIDGET,
    );
    return starts.map((start) => {
      const alarms = this.alarms.slice(start, start + MAX_ALARMS_PER_WIDGET);
      return new AlarmStatusWidget({ title: 'Alarms', width: FULL_WIDTH, alarms });
    });
  }
}

function definitionsOf(props: MonitoringProps): Record<string, AlarmDefinition> {
  const { inbox, forwarding } = props;
  const thresholds = { ...DEFAULT_THRESHOLDS, ...props.alarms.thresholds };
  const sources = Object.entries(props.sources);
  const watched = sourcesWithAlarms(props.alarms, props.sources);
  return {
    ...receiverAlarms(props, thresholds),
    ...overflowAlarms(props.overflow),
    ...(forwarding && forwardingAlarms(forwarding, props.table, thresholds)),
    ...(watched.length < sources.length && allSourcesAlarms(inbox, Object.values(props.sources), thresholds)),
    ...Object.assign(
      {},
      ...sources.map(([name, source]) => ({
        ...(watched.includes(name) && sourceAlarms({ inbox, name }, source, thresholds)),
        ...silenceAlarms({ inbox, name }, source),
      })),
    ),
  };
}

/** Rows of graphs: of each source that has separate alarms and, if others have none, of all sources together. */
function graphsOfSources({ inbox, sources, alarms }: MonitoringProps): IWidget[][] {
  const watched = sourcesWithAlarms(alarms, sources);
  const all = Object.entries(sources);
  const rows = all
    .filter(([name]) => watched.includes(name))
    .map(([name, source]) => sourceGraphs({ inbox, name }, [source]));
  if (rows.length === all.length) return rows;
  return [sourceGraphs({ inbox, name: undefined }, Object.values(sources)), topSourcesGraphs(inbox), ...rows];
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

/** Adds the actions of alarms: the topic is notified when one fires and when it returns to OK. */
export function addActions(alarms: readonly Alarm[], { topic, actions = [], okActions = [] }: AlarmActions): void {
  const notifications = topic ? [new SnsAction(topic)] : [];
  for (const alarm of alarms) {
    alarm.addAlarmAction(...notifications, ...actions);
    alarm.addOkAction(...notifications, ...okActions);
  }
}
