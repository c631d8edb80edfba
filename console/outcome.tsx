import './styles/outcome.css';
import type { Outcome } from '../lambda/telemetry/delivery-report.ts';

/** What an outcome means to the reader: all is well, nothing happened, a decision is due, or something failed. */
const TONES: Readonly<Record<Outcome, 'good' | 'calm' | 'decide' | 'bad'>> = {
  processed: 'good',
  duplicate: 'calm',
  handshake: 'calm',
  queued: 'decide',
  conflict: 'decide',
  quarantined: 'decide',
  rejected: 'bad',
  unavailable: 'bad',
  failed: 'bad',
};

/** The outcomes, as the filter lists them. */
export const OUTCOMES = Object.keys(TONES) as readonly Outcome[];

/** The class that sets the colour of an outcome. */
export const toneOf = (outcome: Outcome): string => TONES[outcome];

/** An outcome: its word, and a colour that repeats it. */
export function OutcomeMark({ outcome }: { readonly outcome: Outcome }) {
  return <span class={`outcome ${toneOf(outcome)}`}>{outcome}</span>;
}
