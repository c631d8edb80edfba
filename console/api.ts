import { signal } from '@preact/signals';
import type {
  CommandAnswer,
  DecisionAnswer,
  EventAnswer,
  FailureAnswer,
  InboxDescription,
  QuarantineAnswer,
  ResendRequest,
  SentAnswer,
  ShownEntry,
} from '../cli/console/api.ts';

/** Where the server has the console's data. */
export const API = '/_console/api';

/** Whether the server does not know this browser. */
export const hasNoSession = signal(false);

/** The requests of the page. Each is rejected with an `Error` whose message is for people. */
export const api = {
  inbox: () => get<InboxDescription>('inbox'),
  event: (source: string, id: string) => get<EventAnswer>('event', { source, id }),
  quarantine: () => get<QuarantineAnswer>('quarantine'),
  entry: (id: string) => get<ShownEntry>('entry', { id }),
  sample: (source: string) => post<SentAnswer>('sample', { source }),
  resend: (resend: ResendRequest) => post<SentAnswer>('resend', resend),
  curl: (resend: ResendRequest) => post<CommandAnswer>('curl', resend),
  accept: (id: string, asIs: boolean) => post<DecisionAnswer>('accept', { id, asIs }),
  discard: (id: string) => post<DecisionAnswer>('discard', { id }),
};

function get<T>(name: string, query: Record<string, string> = {}): Promise<T> {
  return answer(fetch(`${API}/${name}?${new URLSearchParams(query)}`));
}

function post<T>(name: string, body: object): Promise<T> {
  const headers = { 'Content-Type': 'application/json' };
  return answer(fetch(`${API}/${name}`, { method: 'POST', headers, body: JSON.stringify(body) }));
}

async function answer<T>(sent: Promise<Response>): Promise<T> {
  const response = await sent.catch(() => {
    throw new Error('The inbox does not answer. Is it running?');
  });
  const body: unknown = await response.json();
  if (response.status === 401) hasNoSession.value = true;
  if (!response.ok) throw new Error((body as FailureAnswer).message);
  return body as T;
}
