import './styles/timeline.css';
import { printable } from '../cli/printable.ts';
import { attempts } from './attempts.ts';
import { changeFilter, NO_FILTER, now } from './filter.ts';
import { clock, duration } from './format.ts';
import { inbox } from './inbox.ts';
import { OutcomeMark } from './outcome.tsx';
import { hrefOf, route } from './route.ts';
import { changeTime, deliveriesOf } from './shown.ts';

interface TimelineProps {
  readonly source: string;
  readonly eventId: string;
  /** Epoch milliseconds; undefined if the event is not stored. */
  readonly receivedAt: number | undefined;
}

/** An hour, in milliseconds: the first delivery may have been in the overflow queue. */
const HOUR_MS = 3_600_000;

/** Shows all deliveries of an event. */
function findDeliveries(source: string, eventId: string, receivedAt: number): void {
  changeFilter({ ...NO_FILTER, source, text: eventId });
  changeTime({ ms: 0, between: { from: receivedAt - HOUR_MS, to: Date.now() + HOUR_MS } });
}

/** What happened to an event, in the order of time: its deliveries, and where this page has sent it. */
export function Timeline({ source, eventId, receivedAt }: TimelineProps) {
  const delivered = deliveriesOf(source, eventId).map(({ time, requestId, outcome, status, durationMs }) => ({
    time,
    key: requestId,
    line: (
      <>
        <a
          href={hrefOf('deliveries', requestId)}
          aria-current={route.value.selected === requestId ? 'true' : undefined}
        >
          Delivered
        </a>
        <OutcomeMark outcome={outcome} />
        <span class="quiet">
          HTTP {status}, {duration(durationMs)}
        </span>
      </>
    ),
  }));
  const sent = attempts.value
    .filter((each) => each.source === source && each.eventId === eventId)
    .map(({ time, text, result }) => ({
      time,
      key: `${time} ${text}`,
      line: (
        <>
          <span>{text}</span>
          <span class="quiet">{printable(result)}</span>
        </>
      ),
    }));
  const entries = [...delivered, ...sent].sort((one, other) => one.time - other.time);
  return (
    <section class="timeline" aria-labelledby="timeline-title">
      <h3 id="timeline-title">Timeline</h3>
      <ol>
        {entries.map(({ time, key, line }) => (
          <li key={key}>
            <time dateTime={new Date(time).toISOString()}>{clock(time, now.value)}</time>
            {line}
          </li>
        ))}
      </ol>
      {inbox.value?.isDeployed && receivedAt !== undefined && (
        <button type="button" class="link" onClick={() => findDeliveries(source, eventId, receivedAt)}>
          Search the log for its deliveries
        </button>
      )}
    </section>
  );
}
