import './styles/table.css';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { EventAnswer, ShownEntry } from '../cli/console/api.ts';
import { printable } from '../cli/printable.ts';
import { describeReason } from '../cli/reasons.ts';
import { announce } from './announcement.tsx';
import { api } from './api.ts';
import { Confirmation } from './confirmation.tsx';
import { differencesBetween, valueAt } from './differences.ts';
import { exactTime, sentence } from './format.ts';
import { Detail } from './panes.tsx';
import { Payload } from './payload.tsx';
import { loadQuarantine } from './quarantine.ts';
import { Reason } from './why.tsx';

/** An item of the quarantine: what is wrong, what it holds, and the decision. */
export function QuarantineDetail({ id }: { readonly id: string }) {
  const [entry, setEntry] = useState<ShownEntry | string>();
  useEffect(() => {
    api.entry(id).then(setEntry, (error: Error) => setEntry(error.message));
  }, [id]);
  if (entry === undefined)
    return (
      <Detail view="quarantine" title="Quarantine">
        Loading…
      </Detail>
    );
  if (typeof entry === 'string')
    return (
      <Detail view="quarantine" title="Quarantine">
        <p class="problem">{entry}</p>
      </Detail>
    );
  const { item, payload } = entry;
  const headers = Object.entries(item.headers);
  return (
    <Detail view="quarantine" title={sentence(describeReason(item.reason)?.meaning ?? item.reason)}>
      <p class="facts">
        <span>{item.source}</span>
        {item.event_id !== undefined && <code>{printable(item.event_id)}</code>}
        <time dateTime={item.received_at}>{exactTime(Date.parse(item.received_at))}</time>
        <span>kept until {exactTime(item.expires_at * 1000).slice(0, 10)}</span>
      </p>
      <Reason name={item.reason} issues={[]} isTitled />
      {item.issues.length > 0 && (
        <Comparison
          caption="What the schema wants"
          columns={['Path', 'Expected', 'Received']}
          rows={item.issues.map(({ path, expected }) => [path, expected, valueAt(payload.text, path)])}
        />
      )}
      {item.reason === 'conflict' && item.event_id !== undefined && (
        <Conflict source={item.source} eventId={item.event_id} received={payload.text} />
      )}
      <Decision id={id} />
      <Payload payload={payload} />
      {headers.length > 0 && <Comparison caption="Headers" columns={['Name', 'Value']} rows={headers} />}
    </Detail>
  );
}

interface ComparisonProps {
  readonly caption: string;
  readonly columns: readonly string[];
  /** Undefined where there is nothing. */
  readonly rows: readonly (readonly (string | undefined)[])[];
}

function Comparison({ caption, columns, rows }: ComparisonProps) {
  return (
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map((each) => (
            <th key={each} scope="col">
              {each}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((cells) => (
          <tr key={cells.join('\n')}>
            {cells.map((cell, index) => (
              <td key={columns[index]}>{cell === undefined ? <span class="quiet">nothing</span> : printable(cell)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface ConflictProps {
  readonly source: string;
  readonly eventId: string;
  readonly received: string;
}

/** The paths at which a conflict differs from the stored event. */
function Conflict({ source, eventId, received }: ConflictProps) {
  const [answer, setAnswer] = useState<EventAnswer>();
  useEffect(() => {
    api.event(source, eventId).then(setAnswer, () => undefined);
  }, [source, eventId]);
  const stored = answer?.stored?.payload.text;
  const differences = stored === undefined ? undefined : differencesBetween(stored, received);
  if (!differences) return null;
  return (
    <Comparison
      caption="What differs from the stored event"
      columns={['Path', 'Stored', 'Received']}
      rows={differences.map(({ path, stored: one, received: other }) => [path, one, other])}
    />
  );
}

/** Accepts or discards an item. */
function Decision({ id }: { readonly id: string }) {
  const [result, setResult] = useState('');
  const dialog = useRef<HTMLDialogElement>(null);

  async function decide(decision: ReturnType<typeof api.accept>) {
    const { isDone, text } = await decision.catch((error: Error) => ({ isDone: false, text: error.message }));
    setResult(isDone ? `Done: ${text}` : text);
    announce(text);
    await loadQuarantine();
  }

  return (
    <section class="decision" aria-label="Decision">
      <button type="button" class="primary" onClick={() => decide(api.accept(id, false))}>
        Accept
      </button>
      <button type="button" onClick={() => decide(api.accept(id, true))}>
        Accept as it is
      </button>
      <button type="button" class="danger" onClick={() => dialog.current?.showModal()}>
        Discard…
      </button>
      <Confirmation
        dialog={dialog}
        id="discard-title"
        title="Discard this item?"
        keep="Keep it"
        act="Discard it"
        isDangerous
        onAct={() => decide(api.discard(id))}
      >
        <p>It is deleted, and cannot be restored.</p>
      </Confirmation>
      {result !== '' && <pre class="answer">{printable(result)}</pre>}
    </section>
  );
}
