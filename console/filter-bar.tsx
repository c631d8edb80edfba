import './styles/filter.css';
import type { Outcome } from '../lambda/telemetry/delivery-report.ts';
import { deliveries, type Filter, filter, knownTypes, NO_FILTER, shown } from './deliveries.ts';
import { counted } from './format.ts';
import { inbox } from './inbox.ts';
import { OUTCOMES } from './outcome.tsx';

const MINUTE = 60_000;

type Times = readonly (readonly [ms: number, label: string])[];

const TIMES: Times = [
  [0, 'Time'],
  [5 * MINUTE, 'last 5 minutes'],
  [60 * MINUTE, 'last hour'],
  [24 * 60 * MINUTE, 'last 24 hours'],
];

/** The page has the last hour of a deployed inbox, and what arrives while it is open. */
const DEPLOYED_TIMES: Times = [
  [0, 'last hour'],
  [5 * MINUTE, 'last 5 minutes'],
];

const change = (changed: Partial<Filter>) => {
  filter.value = { ...filter.value, ...changed };
};

/** The conditions of the list. */
export function FilterBar() {
  const { text, source, type, outcome, ms } = filter.value;
  const names = [...new Set(deliveries.value.flatMap((each) => each.source ?? []))].sort();
  const isFiltered = JSON.stringify(filter.value) !== JSON.stringify(NO_FILTER);
  return (
    <search class="filter">
      <label class="wide">
        <span class="hidden">Text</span>
        <input
          id="search"
          type="search"
          placeholder="Search ids, types, reasons"
          value={text}
          onInput={({ currentTarget }) => change({ text: currentTarget.value })}
        />
      </label>
      <label>
        <span class="hidden">Source</span>
        <select value={source} onChange={({ currentTarget }) => change({ source: currentTarget.value })}>
          <option value="">Source</option>
          {(names.length > 0 ? names : (inbox.value?.sources.map(({ name }) => name) ?? [])).map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        <span class="hidden">Outcome</span>
        <select value={outcome} onChange={({ currentTarget }) => change({ outcome: currentTarget.value as Outcome })}>
          <option value="">Outcome</option>
          {OUTCOMES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <label>
        <span class="hidden">Time</span>
        <select value={ms} onChange={({ currentTarget }) => change({ ms: Number(currentTarget.value) })}>
          {(inbox.value?.isDeployed ? DEPLOYED_TIMES : TIMES).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </label>
      <label>
        <span class="hidden">Event type</span>
        <input
          list="types"
          placeholder="Type"
          value={type}
          onInput={({ currentTarget }) => change({ type: currentTarget.value })}
        />
        <datalist id="types">
          {knownTypes.value.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      </label>
      <p class="count quiet">
        {isFiltered
          ? `${shown.value.length.toLocaleString('en')} of ${counted(deliveries.value.length, 'delivery', 'deliveries')}`
          : counted(deliveries.value.length, 'delivery', 'deliveries')}
        {isFiltered && (
          <button
            type="button"
            class="link"
            onClick={() => {
              filter.value = NO_FILTER;
            }}
          >
            Clear
          </button>
        )}
      </p>
    </search>
  );
}
