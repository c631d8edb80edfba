import { useState } from 'preact/hooks';
import { filter, now } from './filter.ts';
import { inputTime, timeIn, zoneName } from './format.ts';
import { changeTime } from './shown.ts';

const HOUR = 3_600_000;

/** A window of time in the browser's time zone. */
export function WindowForm() {
  const { between } = filter.value;
  const [from, setFrom] = useState(inputTime(between?.from ?? now.value - HOUR));
  const [to, setTo] = useState(inputTime(between?.to ?? now.value));
  const [problem, setProblem] = useState('');

  function show(event: Event) {
    event.preventDefault();
    const chosen = { from: timeIn(from), to: timeIn(to) };
    const isWindow = chosen.from < chosen.to;
    setProblem(isWindow ? '' : 'The window is empty: it ends before it begins.');
    if (isWindow) changeTime({ ms: 0, between: chosen });
  }

  return (
    <form class="window" onSubmit={show}>
      <TimeField label="From" value={from} onChange={setFrom} />
      <TimeField label="To" value={to} onChange={setTo} />
      <p class="quiet">Time zone: {zoneName(timeIn(from))}</p>
      <button type="submit">Show</button>
      {problem !== '' && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}

interface TimeFieldProps {
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function TimeField({ label, value, onChange }: TimeFieldProps) {
  return (
    <label>
      {label}
      <input
        type="datetime-local"
        step={1}
        required
        value={value}
        onInput={({ currentTarget }) => onChange(currentTarget.value)}
      />
    </label>
  );
}
