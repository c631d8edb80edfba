import './styles/delivery.css';
import { useEffect, useState } from 'preact/hooks';
import type { EventAnswer } from '../cli/console/api.ts';
import type { DeliveredEvent, Delivery } from '../cli/deliveries/delivery-log.ts';
import { printable } from '../cli/printable.ts';
import { api } from './api.ts';
import { CopyButton } from './copy-button.tsx';
import { titleOf } from './delivery-title.ts';
import { duration, exactTime, size } from './format.ts';
import { DeliveryHeaders } from './headers.tsx';
import { inbox } from './inbox.ts';
import { OutcomeMark } from './outcome.tsx';
import { Detail } from './panes.tsx';
import { Payload } from './payload.tsx';
import { Resend } from './resend.tsx';
import { hrefOf } from './route.ts';
import { Timeline } from './timeline.tsx';
import { Tree } from './tree.tsx';
import { Why } from './why.tsx';

/** A delivery: what it was, why, and the event that it brought. */
export function DeliveryDetail({ delivery }: { readonly delivery: Delivery }) {
  const { source, provider, time, status, outcome, events, more, bytes, durationMs, requestId } = delivery;
  const [index, setIndex] = useState(0);
  const event = events[index];
  return (
    <Detail view="deliveries" title={printable(titleOf(delivery))}>
      <p class="facts">
        <OutcomeMark outcome={outcome} />
        <span>{source ?? 'unknown source'}</span>
        {provider !== source && <span class="quiet">{provider}</span>}
        <time dateTime={new Date(time).toISOString()}>{exactTime(time)}</time>
        <span>HTTP {status}</span>
        <span>{duration(durationMs)}</span>
        {bytes !== undefined && <span>{size(bytes)}</span>}
      </p>
      <Why delivery={delivery} />
      {delivery.usedPreviousSecret && (
        <p class="why">Its signature was made with the previous secret, which the provider still uses.</p>
      )}
      {events.length > 1 && <Batch events={events} more={more} index={index} onSelect={setIndex} />}
      {source !== undefined && event?.id !== undefined && wasKept(outcome) ? (
        <EventPart key={event.id} source={source} id={event.id} requestId={requestId} />
      ) : (
        <>
          <Kept delivery={delivery} />
          <DeliveryHeaders requestId={requestId} quarantined={[]} />
        </>
      )}
      <footer class="quiet">
        Request <code>{printable(requestId)}</code>
      </footer>
    </Detail>
  );
}

const wasKept = (outcome: Delivery['outcome']) => !['rejected', 'handshake', 'failed', 'unavailable'].includes(outcome);

/** What of a delivery is kept that has no event with an id. */
function Kept({ delivery: { outcome } }: { readonly delivery: Delivery }) {
  if (outcome === 'quarantined')
    return (
      <p>
        The payload is in <a href={hrefOf('quarantine')}>quarantine</a>.
      </p>
    );
  if (outcome === 'handshake') return <p class="quiet">A handshake has no event.</p>;
  return <p class="quiet">Nothing of this request was stored.</p>;
}

interface BatchProps {
  readonly events: readonly DeliveredEvent[];
  readonly more: number;
  readonly index: number;
  readonly onSelect: (index: number) => void;
}

function Batch({ events, more, index, onSelect }: BatchProps) {
  return (
    <section class="batch" aria-labelledby="batch-title">
      <h3 id="batch-title">Events</h3>
      <ol>
        {events.map(({ id, type, outcome }, each) => (
          <li key={id ?? each}>
            <button type="button" aria-pressed={each === index} onClick={() => onSelect(each)}>
              <span>{printable(type ?? id ?? 'event')}</span>
              {outcome && <OutcomeMark outcome={outcome} />}
            </button>
          </li>
        ))}
      </ol>
      {more > 0 && <p class="quiet">{more} more events are not in the log.</p>}
    </section>
  );
}

interface EventPartProps {
  readonly source: string;
  readonly id: string;
  readonly requestId: string;
}

function EventPart({ source, id, requestId }: EventPartProps) {
  const [answer, setAnswer] = useState<EventAnswer | string>();
  useEffect(() => {
    api.event(source, id).then(setAnswer, (error: Error) => setAnswer(error.message));
  }, [source, id]);
  if (answer === undefined) return <p class="quiet">Loading…</p>;
  if (typeof answer === 'string') return <p class="problem">{answer}</p>;
  const { stored, quarantined } = answer;
  return (
    <>
      <p class="event-id">
        <code>{printable(id)}</code> <CopyButton isQuiet label="Copy" what="the event id" text={() => id} />
      </p>
      {quarantined.map(({ item }) => (
        <p key={item.id} class="why">
          <a href={hrefOf('quarantine', item.id)}>Another payload with this id is in quarantine</a>, since{' '}
          {exactTime(Date.parse(item.received_at))}.
        </p>
      ))}
      {stored ? (
        <>
          <Payload payload={stored.payload} />
          <Resend source={source} eventId={id} busName={inbox.value?.busName} />
        </>
      ) : (
        <p class="quiet">The events table does not have this event: it waits to be stored, or has expired.</p>
      )}
      <Timeline source={source} eventId={id} receivedAt={stored && Date.parse(stored.item.received_at)} />
      {stored && Object.keys(stored.item.data).length > 0 && (
        <details class="data">
          <summary>
            <h3>Data</h3> <span class="quiet">the fields that the schema picked</span>
          </summary>
          <Tree value={stored.item.data} />
        </details>
      )}
      <DeliveryHeaders requestId={requestId} quarantined={quarantined} />
    </>
  );
}
