import './styles/chart.css';
import './styles/table.css';
import { useEffect } from 'preact/hooks';
import type { ChartAnswer, ChartRange } from '../cli/console/api.ts';
import { cancelChart, chart, charted, chartProblem, counting, loadChart, showChart } from './chart.ts';
import { now } from './filter.ts';
import { clock, counted, zoneName } from './format.ts';
import { inbox } from './inbox.ts';
import { OutcomeBars } from './outcome-bars.tsx';

const RANGES: Readonly<Record<ChartRange, string>> = { hour: '1 hour', day: '24 hours', week: '7 days' };

/** Charts of the outcomes over time. */
export function OutcomesView() {
  const isLocal = inbox.value?.isDeployed === false;
  // Counting costs nothing on this machine.
  const renewed = isLocal ? now.value : undefined;
  useEffect(() => {
    const isStale = isLocal || !chart.value;
    if (isStale && counting.value === undefined) void loadChart();
  }, [renewed, inbox.value]);
  return (
    <div class="outcomes">
      <ChartBar />
      {chartProblem.value !== '' && (
        <p class="problem" role="alert">
          {chartProblem}
        </p>
      )}
      {chart.value ? <Charts answer={chart.value} /> : null}
      <p class="quiet">
        Deliveries to a source, counted by their outcome, as <code>status</code> counts them.{' '}
        {!isLocal && 'CloudWatch Logs Insights counts them, for which AWS charges by the size of the log.'}
      </p>
    </div>
  );
}

function ChartBar() {
  const { range, source } = charted.value;
  return (
    <div class="chart-bar">
      <fieldset class="switch">
        <legend class="hidden">Range</legend>
        {(Object.keys(RANGES) as ChartRange[]).map((each) => (
          <button key={each} type="button" aria-pressed={each === range} onClick={() => showChart({ range: each })}>
            {RANGES[each]}
          </button>
        ))}
      </fieldset>
      <label>
        <span class="hidden">Source</span>
        <select value={source} onChange={({ currentTarget }) => showChart({ source: currentTarget.value })}>
          <option value="">All sources</option>
          {inbox.value?.sources.map(({ name }) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <CountState />
    </div>
  );
}

function CountState() {
  const isWaiting = counting.value !== undefined && (inbox.value?.isDeployed || !chart.value);
  if (isWaiting)
    return (
      <>
        <p role="status">{counting}…</p>
        <button type="button" onClick={cancelChart}>
          Cancel
        </button>
      </>
    );
  return (
    <>
      <p class="quiet">{chart.value && `At ${clock(chart.value.to, now.value)}`}</p>
      {inbox.value?.isDeployed && (
        <button type="button" onClick={loadChart}>
          Count again
        </button>
      )}
    </>
  );
}

function Charts({ answer }: { readonly answer: ChartAnswer }) {
  const total = answer.series.flatMap(({ counts }) => counts).reduce((sum, count) => sum + count, 0);
  if (total === 0)
    return (
      <div class="empty">
        <h2>Nothing arrived in this time</h2>
        <p>Choose a longer range or another source, or send a sample from the list of sources.</p>
      </div>
    );
  return (
    <>
      <p>
        {counted(total, 'delivery', 'deliveries')} <span class="quiet">in the time zone {zoneName(answer.to)}</span>
      </p>
      <OutcomeBars answer={answer} />
    </>
  );
}
