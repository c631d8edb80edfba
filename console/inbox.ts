import { signal } from '@preact/signals';
import type { InboxDescription } from '../cli/console/api.ts';
import { api } from './api.ts';

/** The inbox; undefined until it is loaded. */
export const inbox = signal<InboxDescription | undefined>(undefined);

/** Loads the description of the inbox. */
export async function loadInbox(): Promise<void> {
  inbox.value = await api.inbox();
}
