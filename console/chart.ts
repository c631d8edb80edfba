import { signal } from '@preact/signals';
import type { ChartAnswer, ChartRange } from '../cli/console/api.ts';
import { api } from './api.ts';

/** What the chart shows. */
export interface Charted {
  readonly range: ChartRange;
  /** Empty for all sources. */
  readonly source: string;
}

export const charted = signal<Charted>({ range: 'day', source: '' });
/** The last counts; undefined until there are any. */
export const chart = signal<ChartAnswer | undefined>(undefined);
/** What is being counted; undefined if nothing is. */
export const counting = signal<string | undefined>(undefined);
/** Why it could not be counted. */
export const chartProblem = signal('');

let running = new AbortController();

/** Changes what the chart shows. The counts of before are no longer right. */
export function showChart(changed: Partial<Charted>): Promise<void> {
  charted.value = { ...charted.value, ...changed };
  chart.value = undefined;
  return loadChart();
}

/** Counts again. */
export async function loadChart(): Promise<void> {
  running.abort();
  const own = new AbortController();
  running = own;
  const { range, source } = charted.value;
  counting.value = 'Counting deliveries';
  chartProblem.value = '';
  const onProgress = (text: string) => {
    if (running === own) counting.value = text;
  };
  try {
    const answer = await api.chart(range, source, { signal: own.signal, onProgress });
    if (running === own) chart.value = answer;
  } catch (error) {
    if (!own.signal.aborted) chartProblem.value = (error as Error).message;
  }
  if (running === own) counting.value = undefined;
}

/** Stops counting. */
export function cancelChart(): void {
  running.abort();
}
