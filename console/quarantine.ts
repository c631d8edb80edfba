import { signal } from '@preact/signals';
import type { QuarantineEntry } from '../cli/console/api.ts';
import { api } from './api.ts';

/** The items of the quarantine; undefined until they are loaded. */
export const entries = signal<readonly QuarantineEntry[] | undefined>(undefined);
/** Why they could not be loaded. */
export const problem = signal('');

/** Loads the items of the quarantine. */
export async function loadQuarantine(): Promise<void> {
  try {
    entries.value = (await api.quarantine()).items;
    problem.value = '';
  } catch (error) {
    problem.value = (error as Error).message;
  }
}
