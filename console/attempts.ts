import { signal } from '@preact/signals';
import type { ResendRequest, SentAnswer } from '../cli/console/api.ts';
import { api } from './api.ts';

/** An event that the page sent to a URL. */
export interface Attempt extends ResendRequest {
  /** Epoch milliseconds. */
  readonly time: number;
  readonly answer: SentAnswer;
}

/** What the page has sent since it was opened. */
export const attempts = signal<readonly Attempt[]>([]);

/** Sends an event to a URL, and keeps the answer. */
export async function sendAgain(resend: ResendRequest): Promise<SentAnswer> {
  const time = Date.now();
  const answer = await api.resend(resend);
  attempts.value = [...attempts.value, { ...resend, time, answer }];
  return answer;
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
