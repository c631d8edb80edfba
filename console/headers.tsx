import './styles/table.css';
import { useEffect, useState } from 'preact/hooks';
import type { HeadersAnswer, ShownEntry } from '../cli/console/api.ts';
import { printable } from '../cli/printable.ts';
import { api } from './api.ts';
import { inbox } from './inbox.ts';

const NONE_DEPLOYED =
  'None are kept. The log and the events table hold no headers, because a signature or a token may be among them. Of a delivery in quarantine, those are kept that its events are read from.';
const NONE_LOCAL =
  'None are kept any more: this machine has those of the last 1,000 deliveries, in memory, until npm start ends.';

type Headers = NonNullable<HeadersAnswer['headers']>;

interface DeliveryHeadersProps {
  readonly requestId: string;
  /** What is in quarantine of the event, which has headers. */
  readonly quarantined: readonly ShownEntry[];
}

/** The headers of a delivery that are kept, or why there are none. */
export function DeliveryHeaders({ requestId, quarantined }: DeliveryHeadersProps) {
  const [answer, setAnswer] = useState<HeadersAnswer | string>();
  useEffect(() => {
    api.headers(requestId).then(setAnswer, (error: Error) => setAnswer(error.message));
  }, [requestId]);
  if (answer === undefined) return null;
  return (
    <section class="headers" aria-labelledby="headers-title">
      <h3 id="headers-title">Headers</h3>
      {typeof answer === 'string' ? (
        <p class="problem">{answer}</p>
      ) : (
        <Kept given={answer.headers ?? headersOf(quarantined)} />
      )}
    </section>
  );
}

function Kept({ given }: { readonly given: Headers | undefined }) {
  if (!given) return <p class="quiet">{inbox.value?.isDeployed ? NONE_DEPLOYED : NONE_LOCAL}</p>;
  return <HeaderTable headers={given} />;
}

function headersOf([entry]: readonly ShownEntry[]): Headers | undefined {
  return entry && Object.entries(entry.item.headers).map(([name, value]) => ({ name, value }));
}

/** Headers as a table. */
function HeaderTable({ headers }: { readonly headers: Headers }) {
  return (
    <table aria-label="Headers">
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Value</th>
        </tr>
      </thead>
      <tbody>
        {headers.map(({ name, value }) => (
          <tr key={name}>
            <td>{printable(name)}</td>
            <td>{value === undefined ? <span class="quiet">not kept: it may be secret</span> : printable(value)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
