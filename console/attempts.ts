import { signal } from '@preact/signals';
import type { RedeliveryAnswer, ResendRequest, SentAnswer } from '../cli/console/api.ts';
import { api } from './api.ts';
import { duration } from './format.ts';

/** What the page did with an event. */
export interface Attempt {
  readonly source: string;
  readonly eventId: string;
  /** Epoch milliseconds. */
  readonly time: number;
  /** Such as `Sent to http://127.0.0.1:4000/webhooks`. */
  readonly text: string;
  readonly result: string;
}

/** What the page has done since it was opened. */
export const attempts = signal<readonly Attempt[]>([]);

function keep(attempt: Attempt): void {
  attempts.value = [...attempts.value, attempt];
}

/** Sends an event to a URL, and keeps the answer. */
export async function sendAgain(resend: ResendRequest): Promise<SentAnswer> {
  const time = Date.now();
  const answer = await api.resend(resend);
  const { source, eventId, url } = resend;
  keep({ source, eventId, time, text: `Sent to ${url}`, result: summaryOf(answer) });
  return answer;
}

/** Puts an event on the bus again, and keeps the result. */
export async function putAgain(source: string, eventId: string, busName: string): Promise<RedeliveryAnswer> {
  const time = Date.now();
  const answer = await api
    .redeliver(source, eventId)
    .catch((error: Error): RedeliveryAnswer => ({ isPut: false, text: error.message }));
  const text = answer.isPut ? `Put on the bus ${busName}` : `Not put on the bus ${busName}`;
  keep({ source, eventId, time, text, result: answer.text });
  return answer;
}

/** The answer in a line. */
export function summaryOf({ status, text, durationMs }: SentAnswer): string {
  return status === undefined ? `No response: ${text}` : `${status} in ${duration(durationMs)}`;
}

/** The key under which the browser keeps the URL of the handler. */
const KEY = 'webhook-inbox-handler';

/** The URL of the handler; saved in the browser. */
export const handlerUrl = signal(localStorage.getItem(KEY) ?? 'http://127.0.0.1:4000/webhooks');

/** Changes the URL of the handler. */
export function setHandlerUrl(url: string): void {
  handlerUrl.value = url;
  localStorage.setItem(KEY, url);
}
