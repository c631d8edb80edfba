import './styles/filter.css';
import { useState } from 'preact/hooks';
import type { Outcome } from '../lambda/telemetry/delivery-report.ts';
import { changeFilter, filter, NO_FILTER } from './filter.ts';
import { counted } from './format.ts';
import { inbox } from './inbox.ts';
import { OUTCOMES } from './outcome.tsx';
import { changeTime, knownTypes, loaded, shown } from './shown.ts';
import { WindowForm } from './window-form.tsx';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

type Times = readonly (readonly [ms: number, label: string])[];

const TIMES: Times = [
  [5 * MINUTE, 'last 5 minutes'],
  [60 * MINUTE, 'last hour'],
  [DAY, 'last 24 hours'],
  [7 * DAY, 'last 7 days'],
];

/** The log of a deployed inbox is kept for a month by default. */
const DEPLOYED_TIMES: Times = [...TIMES.slice(0, 1), ...TIMES.slice(2), [30 * DAY, 'last 30 days']];

/** The value of the choice that has a window of one's own. */
const BETWEEN = 'between';

/** The conditions of the list. */
export function FilterBar() {
  const { text, source, type, outcome } = filter.value;
  return (
    <search class="filter">
      <label class="wide">
        <span class="hidden">Text</span>
        <input
          id="search"
          type="search"
          placeholder="Search ids, types, reasons"
          value={text}
          onInput={({ currentTarget }) => changeFilter({ text: currentTarget.value })}
        />
      </label>
      <label>
        <span class="hidden">Source</span>
        <select value={source} onChange={({ currentTarget }) => changeFilter({ source: currentTarget.value })}>
          <option value="">Source</option>
          {sourceNames().map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
      </label>
      <label>
        <span class="hidden">Outcome</span>
        <select
          value={outcome}
          onChange={({ currentTarget }) => changeFilter({ outcome: currentTarget.value as Outcome })}
        >
          <option value="">Outcome</option>
          {OUTCOMES.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      <label>
        <span class="hidden">Event type</span>
        <input
          list="types"
          placeholder="Type"
          value={type}
          onInput={({ currentTarget }) => changeFilter({ type: currentTarget.value })}
        />
        <datalist id="types">
          {knownTypes.value.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      </label>
      <Time />
      <Count />
    </search>
  );
}

/** Those that have deliveries or, of a deployed inbox, all: another time may have deliveries of theirs. */
function sourceNames(): readonly string[] {
  const all = inbox.value?.sources.map(({ name }) => name) ?? [];
  const names = new Set(loaded.value.flatMap((each) => each.source ?? []));
  return names.size === 0 || inbox.value?.isDeployed ? all : [...names].sort();
}

function Time() {
  const { ms, between } = filter.value;
  const [isChoosing, setChoosing] = useState(false);
  const isWindow = isChoosing || between !== undefined;
  const isDeployed = inbox.value?.isDeployed ?? false;

  function choose(value: string) {
    setChoosing(value === BETWEEN);
    if (value !== BETWEEN) changeTime({ ms: Number(value) });
  }

  return (
    <>
      <label>
        <span class="hidden">Time</span>
        <select value={isWindow ? BETWEEN : ms} onChange={({ currentTarget }) => choose(currentTarget.value)}>
          <option value={0}>{isDeployed ? 'live' : 'Time'}</option>
          {(isDeployed ? DEPLOYED_TIMES : TIMES).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
          <option value={BETWEEN}>from – to</option>
        </select>
      </label>
      {isWindow && <WindowForm key={between?.from} />}
    </>
  );
}

function Count() {
  const isFiltered = JSON.stringify(filter.value) !== JSON.stringify(NO_FILTER);
  const all = counted(loaded.value.length, 'delivery', 'deliveries');
  return (
    <p class="count quiet">
      {isFiltered ? `${shown.value.length.toLocaleString('en')} of ${all}` : all}
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
  );
}
