import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Template } from 'aws-cdk-lib/assertions';
import { costPage } from '../../../cli/docs/cost.ts';
import { MONITORING } from '../../../cli/docs/cost-model.ts';
import { inboxTemplate, resourcesOf } from '../../lib/synthesis.ts';

const read = (file: string) => readFileSync(new URL(`../../../${file}`, import.meta.url), 'utf8');

/** The alarms of a template, the metrics that they evaluate, and the dashboards. */
function monitoringOf(template: Template) {
  const alarms = resourcesOf(template, 'AWS::CloudWatch::Alarm');
  return {
    alarms: alarms.length,
    alarmMetrics: alarms.reduce((sum, { Properties }) => sum + metricsOf(Properties), 0),
    dashboards: resourcesOf(template, 'AWS::CloudWatch::Dashboard').length,
  };
}

/** An alarm on an expression lists its metrics; one on a single metric has it in its own properties. */
function metricsOf({ Metrics }: Record<string, unknown>): number {
  if (!Array.isArray(Metrics)) return 1;
  return Metrics.filter((metric) => 'MetricStat' in metric).length;
}

describe('the documented costs', () => {
  it('are on docs/cost.md as npm run cost writes them', () => {
    expect(read('docs/cost.md')).toBe(costPage());
  });

  it('are in README.md for a million short events, and for a month', () => {
    const [events, month] = [...read('docs/cost.md').matchAll(/\| \*\*([\d.]+)\*\* \|$/gm)].map(([, cost]) => cost);
    expect(read('README.md')).toContain(
      `cost $${events} at list prices, and an inbox with one source at most $${month} a month`,
    );
  });

  it.each(['quarantine', 'reject'] as const)(
    'count every alarm, every metric of an alarm and every dashboard of an inbox whose sources %s what is invalid',
    (onInvalid) => {
      const { alarms, alarmMetrics, perSource, dashboards } = MONITORING;
      const { [onInvalid]: ofSource } = perSource;
      for (const names of [['one'], ['one', 'two']]) {
        const sources = Object.fromEntries(names.map((name) => [name, { provider: 'generic', onInvalid } as const]));
        expect(monitoringOf(inboxTemplate({ sources }))).toEqual({
          alarms: alarms + names.length * ofSource.alarms,
          alarmMetrics: alarmMetrics + names.length * ofSource.alarmMetrics,
          dashboards,
        });
      }
    },
  );
});
