import './styles/timeline.css';
import { printable } from '../cli/printable.ts';
import { attempts } from './attempts.ts';
import { now } from './filter.ts';
import { clock, duration } from './format.ts';
import { OutcomeMark } from './outcome.tsx';
import { hrefOf, route } from './route.ts';
import { deliveriesOf } from './shown.ts';

interface TimelineProps {
  readonly source: string;
  readonly eventId: string;
}

/** What happened to an event, in the order of time: its deliveries, and where this page has sent it. */
export function Timeline({ source, eventId }: TimelineProps) {
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
    </section>
  );
}
