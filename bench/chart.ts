import { CONTESTANTS, type ContestantName } from './contestants.ts';
import type { Results } from './results.ts';
import { figure } from './statistics.ts';
import { coldTotals, cpuMicros } from './targets.ts';

/** One bar chart: a bar per contestant. */
interface Panel {
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly { readonly label: string; readonly value: number; readonly isOurs: boolean }[];
}

const WIDTH = 760;
const LABEL_WIDTH = 210;
const VALUE_WIDTH = 90;
const BAR_HEIGHT = 20;
const ROW_HEIGHT = 28;
const PANEL_HEIGHT = 44 + CONTESTANTS.length * ROW_HEIGHT;

const STYLE = `text { font: 13px system-ui, sans-serif; fill: #1f2328 }
    .title { font-weight: 600 } .ours { fill: #0969da } .other { fill: #8c959f }
    @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .ours { fill: #4493f8 } .other { fill: #6e7681 } }`;

/** Bar charts of cold start and CPU as SVG, for light and dark pages. Shorter bars are better. */
export function chart(results: Results): string {
  const panel = (title: string, unit: string, valuesOf: (name: ContestantName) => readonly number[]): Panel => ({
    title,
    unit,
    bars: CONTESTANTS.map(({ name, title: label }) => {
      return { label, value: figure(valuesOf(name)).median, isOurs: name === 'inbox' };
    }),
  });
  const panels = [
    panel('Cold start: import and first event', 'ms', (name) => coldTotals(results, name)),
    panel('CPU of a stored event, warm', 'µs', (name) => cpuMicros(results, name, 'stored')),
    panel('CPU of a refused forgery, warm', 'µs', (name) => cpuMicros(results, name, 'forgery')),
  ];
  const height = panels.length * PANEL_HEIGHT;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img">
  <title>Medians of one run; shorter is better</title>
  <style>
    ${STYLE}
  </style>
${panels.map((each, index) => draw(each, index * PANEL_HEIGHT)).join('\n')}
</svg>
`;
}

function draw({ title, unit, bars }: Panel, top: number): string {
  const longest = Math.max(...bars.map(({ value }) => value));
  const rows = bars.map(({ label, value, isOurs }, index) => {
    const y = top + 36 + index * ROW_HEIGHT;
    const width = Math.max(1, Math.round((value / longest) * (WIDTH - LABEL_WIDTH - VALUE_WIDTH)));
    const text = y + BAR_HEIGHT - 5;
    return `  <text x="0" y="${text}">${label}</text>
  <rect class="${isOurs ? 'ours' : 'other'}" x="${LABEL_WIDTH}" y="${y}" width="${width}" height="${BAR_HEIGHT}" rx="2"/>
  <text x="${LABEL_WIDTH + width + 8}" y="${text}">${value.toFixed(value < 100 ? 1 : 0)} ${unit}</text>`;
  });
  return [`  <text class="title" x="0" y="${top + 20}">${title}</text>`, ...rows].join('\n');
}
