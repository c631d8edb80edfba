import type { ChartAnswer } from '../cli/console/api.ts';
import { printable } from '../cli/printable.ts';
import type { Outcome } from '../lambda/telemetry/delivery-report.ts';
import { charted } from './chart.ts';
import { type Between, filter, NO_FILTER, now } from './filter.ts';
import { clock, counted } from './format.ts';
import { OutcomeMark, toneOf } from './outcome.tsx';
import { hrefOf, select } from './route.ts';
import { changeTime } from './shown.ts';

/** The height of the bars, in units of the drawing. A step is one unit wide. */
const HEIGHT = 40;

/** An hour, in milliseconds. */
const HOUR_MS = 3_600_000;

/** The least height of a bar: one delivery among thousands must be seen. */
const LEAST = 2;

interface OutcomeBarsProps {
  readonly answer: ChartAnswer;
}

/** A row of bars per outcome, each with its own scale, and the same numbers as a table. */
export function OutcomeBars({ answer }: OutcomeBarsProps) {
  const steps = stepsOf(answer);
  return (
    <>
      {answer.series.map(({ outcome, counts }) => (
        <Bars key={outcome} outcome={outcome} counts={counts} steps={steps} stepName={stepName(answer.stepMs)} />
      ))}
      <p class="axis quiet" aria-hidden="true">
        {[answer.from, (answer.from + answer.to) / 2, answer.to].map((time) => (
          <span key={time}>{minute(time)}</span>
        ))}
      </p>
      <Numbers answer={answer} steps={steps} />
    </>
  );
}

/** The steps of a chart, the first and the last of which are cut by its range. */
function stepsOf({ from, to, stepMs, series }: ChartAnswer): readonly Between[] {
  const first = Math.floor(from / stepMs) * stepMs;
  return Array.from({ length: series[0]?.counts.length ?? 0 }, (_, index) => ({
    from: Math.max(from, first + index * stepMs),
    to: Math.min(to, first + (index + 1) * stepMs),
  }));
}

/** The length of a step: `1 min`, `3 h`. */
const stepName = (ms: number) => (ms < HOUR_MS ? `${ms / 60_000} min` : `${ms / HOUR_MS} h`);

/** A time without its seconds. */
const minute = (time: number) => clock(time, now.value).replace(/:\d\d$/, '');

interface BarsProps {
  readonly outcome: Outcome;
  readonly counts: readonly number[];
  readonly steps: readonly Between[];
  /** Such as `30 min`. */
  readonly stepName: string;
}

function Bars({ outcome, counts, steps, stepName: step }: BarsProps) {
  const most = Math.max(...counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const label = `${outcome}: ${counted(total, 'delivery', 'deliveries')}, at most ${most} in ${step}. The table has the numbers.`;

  function open({ target }: PointerEvent) {
    const index = target instanceof Element ? target.getAttribute('data-step') : null;
    const window = steps[Number(index ?? Number.NaN)];
    if (window) showDeliveries(window, outcome);
  }

  return (
    <figure class={`bars ${toneOf(outcome)}`}>
      <figcaption>
        <OutcomeMark outcome={outcome} /> <strong>{total.toLocaleString('en')}</strong>
        <span class="quiet">
          peak {most.toLocaleString('en')} in {step}
        </span>
      </figcaption>
      {/* The table is for the keyboard. */}
      <svg
        role="img"
        aria-label={label}
        viewBox={`0 0 ${counts.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        onPointerUp={open}
      >
        {counts.map((count, index) => (
          <Bar key={steps[index]?.from} count={count} index={index} most={most} step={steps[index]} />
        ))}
      </svg>
    </figure>
  );
}

interface BarProps {
  readonly count: number;
  readonly index: number;
  readonly most: number;
  readonly step: Between | undefined;
}

function Bar({ count, index, most, step }: BarProps) {
  if (count === 0 || !step) return null;
  const height = Math.max(LEAST, (count / most) * HEIGHT);
  return (
    <g>
      <rect class="bar" x={index + 0.1} y={HEIGHT - height} width={0.8} height={height} />
      <rect class="step" data-step={index} x={index} y={0} width={1} height={HEIGHT}>
        <title>{`${minute(step.from)} to ${minute(step.to)}: ${count.toLocaleString('en')}`}</title>
      </rect>
    </g>
  );
}

interface NumbersProps extends OutcomeBarsProps {
  readonly steps: readonly Between[];
}

function Numbers({ answer: { series }, steps }: NumbersProps) {
  const rows = steps.map((step, index) => ({ step, counts: series.map(({ counts }) => counts[index] ?? 0) }));
  const filled = rows.filter(({ counts }) => counts.some((count) => count > 0)).reverse();
  return (
    <details class="numbers" open>
      <summary>Table</summary>
      <div class="wide-table">
        <table aria-label="Deliveries by time and outcome">
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              {series.map(({ outcome }) => (
                <th key={outcome} scope="col">
                  {printable(outcome)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {filled.map(({ step, counts }) => (
              <tr key={step.from}>
                <th scope="row">
                  <a href={hrefOf('deliveries')} onClick={(event) => openStep(event, step)}>
                    {minute(step.from)}
                  </a>
                </th>
                <td>{minute(step.to)}</td>
                {counts.map((count, index) => (
                  <td key={series[index]?.outcome}>{count.toLocaleString('en')}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}

function openStep(event: MouseEvent, step: Between): void {
  event.preventDefault();
  showDeliveries(step, '');
}

/** Shows the deliveries that a number counts. */
function showDeliveries(between: Between, outcome: Outcome | ''): void {
  filter.value = { ...NO_FILTER, source: charted.value.source, outcome };
  select('deliveries', undefined);
  changeTime({ ms: 0, between });
}
