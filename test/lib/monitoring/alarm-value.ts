import { cloudwatchReport } from '../../../lambda/telemetry/cloudwatch-report.ts';
import type { DeliveryReport } from '../../../lambda/telemetry/delivery-report.ts';
import type { Resource } from '../synthesis.ts';

/** A metric or an expression of an alarm, as CloudFormation has it. */
export interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Stat: string;
    readonly Metric: {
      readonly MetricName: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: string }[];
    };
  };
}

/** A line in the embedded metric format. */
interface MetricsLine {
  readonly _aws?: {
    readonly CloudWatchMetrics: readonly {
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
  readonly [name: string]: unknown;
}

/**
 * The value that CloudWatch compares with the threshold of an alarm on an expression, for a period with these
 * deliveries: from the metrics that the receiver writes about them.
 */
export function valueIn({ Metrics }: Resource['Properties'], reports: readonly DeliveryReport[]): number {
  const lines: MetricsLine[] = [];
  const report = cloudwatchReport(
    'Hooks/Inbox',
    (text) =>
      lines.push(
        ...text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ),
    () => 0,
  );
  for (const each of reports) report(each);
  const [expression, ...metrics] = Metrics as MetricQuery[];
  const values = new Map(metrics.map((metric) => [metric.Id, statistic(metric, lines)]));
  return percentageOf(expression?.Expression ?? '', values);
}

/** A statistic of a metric. A metric has only the values with exactly its dimensions. */
function statistic({ MetricStat }: MetricQuery, lines: readonly MetricsLine[]): number {
  const { Stat, Metric } = MetricStat ?? {};
  const dimensions = Object.fromEntries(Metric?.Dimensions.map(({ Name, Value }) => [Name, Value]) ?? []);
  const values = lines
    .filter((line) => isOf(line, Metric?.MetricName, dimensions))
    .map((line) => line[Metric?.MetricName ?? '']);
  if (Stat === 'SampleCount') return values.length;
  if (Stat === 'Sum') return values.reduce((sum: number, value) => sum + Number(value), 0);
  throw new Error(`Cannot compute ${Stat}`);
}

function isOf(line: MetricsLine, name: string | undefined, dimensions: Readonly<Record<string, string>>): boolean {
  return (line._aws?.CloudWatchMetrics ?? []).some(({ Dimensions, Metrics }) => {
    const isSame = (names: readonly string[]) =>
      names.length === Object.keys(dimensions).length && names.every((each) => line[each] === dimensions[each]);
    return Dimensions.some(isSame) && Metrics.some(({ Name }) => Name === name);
  });
}

/** Evaluates the one supported kind of expression: a percentage of a sum, if that is large enough. */
function percentageOf(expression: string, values: ReadonlyMap<string, number>): number {
  const parts = /^IF\((.+) >= (\d+), 100 \* (.+) \/ (.+), 0\)$/.exec(expression);
  if (!parts) throw new Error(`Cannot evaluate ${expression}`);
  const [, condition = '', least, part = '', whole = ''] = parts;
  return sumOf(condition, values) >= Number(least) ? (100 * sumOf(part, values)) / sumOf(whole, values) : 0;
}

function sumOf(sum: string, values: ReadonlyMap<string, number>): number {
  const terms = sum.replace(/^\(|\)$/g, '').split(' + ');
  return terms.reduce((total, term) => {
    const value = values.get(/^FILL\((\w+), 0\)$/.exec(term)?.[1] ?? '');
    if (value === undefined) throw new Error(`Cannot evaluate ${term}`);
    return total + value;
  }, 0);
}
