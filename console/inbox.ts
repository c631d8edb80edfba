import { signal } from '@preact/signals';
import type { InboxDescription } from '../cli/console/api.ts';
import { api } from './api.ts';

/** The inbox; undefined until it is loaded. */
export const inbox = signal<InboxDescription | undefined>(undefined);

/** Why the inbox cannot be read. */
export const inboxProblem = signal('');

/** Loads the description of the inbox. @returns whether that succeeded */
export async function loadInbox(): Promise<boolean> {
  try {
    inbox.value = await api.inbox();
    inboxProblem.value = '';
  } catch (error) {
    inboxProblem.value = (error as Error).message;
  }
  return inboxProblem.value === '';
}
