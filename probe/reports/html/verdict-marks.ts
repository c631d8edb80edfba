import type { Verdict } from '../../probe-report.ts';
import { Markup } from '../markup.ts';

const markOf = (mark: string, tone: string, word: string) =>
  new Markup(
    `<span class="mark ${tone}"><span aria-hidden="true">${mark}</span><span class="hidden">${word}:</span></span>`,
  );

/** A character per verdict, with the word for a screen reader. */
export const VERDICT_MARKS: Readonly<Record<Verdict, Markup>> = {
  failed: markOf('✗', 'bad', 'failed'),
  inconclusive: markOf('?', 'decide', 'inconclusive'),
  skipped: markOf('–', 'calm', 'skipped'),
  passed: markOf('✓', 'good', 'passed'),
};
