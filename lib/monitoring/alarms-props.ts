import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { SourcesProps } from '../sources.ts';
import { type AlarmThresholds, validateThresholds } from './alarm-thresholds.ts';

/** What alarms do when they change their state. CloudWatch allows 5 actions per state. */
export interface AlarmActions {
  /**
   * Topic that is notified when an alarm fires and when it returns to OK.
   * @default - no notifications
   */
  readonly topic?: ITopic;
  /**
   * Actions when an alarm fires, in addition to `topic`: those of `aws-cdk-lib/aws-cloudwatch-actions`, for example. A
   * `LambdaAction` adds a permission per alarm to its function, whose resource policy has room for about 45.
   * @default - no actions
   */
  readonly actions?: readonly IAlarmAction[];
  /**
   * Actions when an alarm returns to OK, in addition to `topic`.
   * @default - no actions
   */
  readonly okActions?: readonly IAlarmAction[];
}

/** Options of alarms. */
export interface AlarmsProps extends AlarmActions {
  /**
   * Sources with alarms of their own: 5 or 6 each. A source's `silentAfter` adds its alarm in any case.
   *
   * - `'all'`: every source has separate alarms.
   * - A list: these sources do, and the same alarms watch all sources together.
   * - `false`: the same alarms watch all sources together.
   *
   * An alarm on all sources does not name the source; the dashboard and the log do. A percentage of all deliveries hardly
   * shows the failure of a small source, so list the sources that matter most.
   * @default - 'all' up to 40 sources, false above
   */
  readonly perSource?: 'all' | readonly string[] | false;
  /**
   * Thresholds.
   * @default - those described at `AlarmThresholds`
   */
  readonly thresholds?: AlarmThresholds;
}

/** Alarms and graphs take about 17 KB of the template per source, and CloudFormation accepts 1 MB in all. */
const MAX_DEFAULT_SOURCES = 40;

/** The most actions of an alarm for a state. */
const MAX_ACTIONS = 5;

/** The names of the sources that have alarms of their own. */
export function sourcesWithAlarms({ perSource }: AlarmsProps, sources: SourcesProps<string>): readonly string[] {
  const names = Object.keys(sources);
  if (Array.isArray(perSource)) return names.filter((name) => perSource.includes(name));
  if (perSource === false) return [];
  return perSource === 'all' || names.length <= MAX_DEFAULT_SOURCES ? names : [];
}

/**
 * Validates the options of alarms.
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateAlarms(alarms: AlarmsProps, sources: SourcesProps<string>): string | undefined {
  return (
    validatePerSource(alarms, sources) ??
    validateActions(alarms) ??
    (alarms.thresholds && validateThresholds(alarms.thresholds))
  );
}

function validatePerSource({ perSource }: AlarmsProps, sources: SourcesProps<string>): string | undefined {
  if (perSource === undefined || perSource === 'all' || perSource === false) return undefined;
  if (!Array.isArray(perSource)) {
    return `alarms.perSource must be 'all', false or a list of sources, not ${JSON.stringify(perSource)}.`;
  }
  const unknown = perSource.find((name) => !Object.hasOwn(sources, name));
  if (unknown === undefined) return undefined;
  return `alarms.perSource has "${unknown}", but there is no such source; its names are the keys of sources.`;
}

function validateActions({ topic, actions = [], okActions = [] }: AlarmActions): string | undefined {
  const most = MAX_ACTIONS - (topic ? 1 : 0);
  const tooMany = Math.max(actions.length, okActions.length);
  if (tooMany <= most) return undefined;
  return `alarms has ${tooMany} actions for a state, but CloudWatch allows ${MAX_ACTIONS}, topic included.`;
}
