import type { Attempt, ExpectedItem, SentEvent } from './sent-event.ts';

/** A broken invariant. */
export interface Violation {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly invariant: Invariant;
  readonly details: string;
}

/** What must hold, whatever happens. */
export type Invariant =
  | 'nothing forged is stored or forwarded'
  | 'no live item is overwritten'
  | 'no event is processed twice'
  | 'what was acknowledged is durable'
  | 'a genuine delivery is refused only for a reason'
  | 'a delivery is answered within its time'
  | 'no defect is answered'
  | 'reads of secrets are bounded'
  | 'fetches of certificates are bounded'
  | 'writes of items are bounded'
  | 'puts of events are bounded'
  | 'every stored event is forwarded';

/** A new item in a table. */
export interface StoredItem extends ExpectedItem {
  /** Epoch milliseconds. */
  readonly at: number;
}

/** What happened in a day. */
export interface Ledger {
  readonly events: SentEvent[];
  /** What may be stored, by `itemKey`. */
  readonly genuine: Set<string>;
  /** Every item that was ever stored. */
  readonly stored: StoredItem[];
  /** The bodies that were acknowledged, with the attempt that was. */
  readonly acknowledged: Map<SentEvent, Attempt>;
  /** The bodies that the provider gave up. */
  readonly lost: Set<SentEvent>;
  /** The items that each message of the overflow queue holds, by table and id. */
  readonly queued: Map<string, ReadonlySet<string>>;
  /** The ids of the events that have a dead letter. */
  readonly deadLetters: Set<string>;
  readonly violations: Violation[];
  readonly counts: Record<string, number>;
  /** Receives the log of the day, line by line, if a trace was asked for. */
  readonly trace: (line: string) => unknown;
}

/** An empty ledger. */
export function openLedger(trace: Ledger['trace'] = () => undefined): Ledger {
  return {
    events: [],
    genuine: new Set(),
    stored: [],
    acknowledged: new Map(),
    lost: new Set(),
    queued: new Map(),
    deadLetters: new Set(),
    violations: [],
    counts: {},
    trace,
  };
}

/** Counts something that happened. */
export function count({ counts }: Ledger, what: string): void {
  counts[what] = (counts[what] ?? 0) + 1;
}
