import type { Severity } from '../../probe-report.ts';
import { type Markup, markup } from '../markup.ts';

/** A severity as a word with a colour. */
export function severityBadge(severity: Severity): Markup {
  return markup`<span class="severity ${severity}">${severity}</span>`;
}
