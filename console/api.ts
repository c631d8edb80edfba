import { signal } from '@preact/signals';
import type {
  ChartAnswer,
  ChartRange,
  CommandAnswer,
  DecisionAnswer,
  EventAnswer,
  FailureAnswer,
  HeadersAnswer,
  InboxDescription,
  QuarantineAnswer,
  RedeliveryAnswer,
  ResendRequest,
  RulesAnswer,
  SentAnswer,
  ShownEntry,
} from '../cli/console/api.ts';
import type { DeliveryPage, SearchQuery } from '../cli/deliveries/delivery-page.ts';
import { type WatchOptions, watchRead } from './watch-read.ts';

/** Where the server has the console's data. */
export const API = '/_console/api';

/** Whether the server does not know this browser. */
export const hasNoSession = signal(false);

/** The requests of the page. Each is rejected with an `Error` whose message is for people. */
export const api = {
  inbox: () => get<InboxDescription>('inbox'),
  event: (source: string, id: string) => get<EventAnswer>('event', { source, id }),
  headers: (requestId: string) => get<HeadersAnswer>('headers', { requestId }),
  rules: (source: string, id: string) => get<RulesAnswer>('rules', { source, id }),
  quarantine: () => get<QuarantineAnswer>('quarantine'),
  entry: (id: string) => get<ShownEntry>('entry', { id }),
  sample: (source: string) => post<SentAnswer>('sample', { source }),
  resend: (resend: ResendRequest) => post<SentAnswer>('resend', resend),
  curl: (resend: ResendRequest) => post<CommandAnswer>('curl', resend),
  redeliver: (source: string, eventId: string) => post<RedeliveryAnswer>('redeliver', { source, eventId }),
  search: (query: Omit<SearchQuery, 'limit'>, options: WatchOptions) => watch<DeliveryPage>('search', query, options),
  chart: (range: ChartRange, source: string, options: WatchOptions) =>
    watch<ChartAnswer>('chart', { range, ...(source && { source }) }, options),
  accept: (id: string, asIs: boolean) => post<DecisionAnswer>('accept', { id, asIs }),
  discard: (id: string) => post<DecisionAnswer>('discard', { id }),
};

function get<T>(name: string, query: Record<string, string> = {}): Promise<T> {
  return answer(fetch(`${API}/${name}?${new URLSearchParams(query)}`));
}

async function watch<T>(name: string, query: object, options: WatchOptions): Promise<T> {
  const texts = Object.entries(query).map(([key, value]): [string, string] => [key, String(value)]);
  const { signal } = options;
  const response = await answered(fetch(`${API}/${name}?${new URLSearchParams(texts)}`, { signal }));
  return response.ok ? await watchRead(response, options) : await bodyOf(response);
}

function post<T>(name: string, body: object): Promise<T> {
  const headers = { 'Content-Type': 'application/json' };
  return answer(fetch(`${API}/${name}`, { method: 'POST', headers, body: JSON.stringify(body) }));
}

async function answer<T>(sent: Promise<Response>): Promise<T> {
  return await bodyOf(await answered(sent));
}

function answered(sent: Promise<Response>): Promise<Response> {
  return sent.catch(() => {
    throw new Error('The inbox does not answer. Is it running?');
  });
}

async function bodyOf<T>(response: Response): Promise<T> {
  const body: unknown = await response.json();
  if (response.status === 401) hasNoSession.value = true;
  if (!response.ok) throw new Error((body as FailureAnswer).message);
  return body as T;
}
