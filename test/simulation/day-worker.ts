import { parentPort, workerData } from 'node:worker_threads';
import { BREAKS, installBreak } from './breaks.ts';
import type { Ledger } from './ledger.ts';
import type { AllCertificates } from './plan.ts';

/** What a worker is started with. */
export interface DayWorkerData {
  readonly certificates: AllCertificates;
  /** The name of the break that its code has. */
  readonly broken?: string | undefined;
  /** Whether days are reported line by line. */
  readonly trace: boolean;
}

/** What a worker reports of a day. */
export interface SimulatedDay {
  readonly seed: number;
  readonly counts: Ledger['counts'];
  readonly violations: Ledger['violations'];
  /** The day line by line; empty without `trace`. */
  readonly lines: readonly string[];
}

const { certificates, broken, trace }: DayWorkerData = workerData;
const fault = broken === undefined ? undefined : BREAKS[broken];
if (fault) installBreak(fault);
// Imported after the break, which is put into what is imported.
const { simulateDay } = await import('./day.ts');

parentPort?.on('message', async (seed: number) => {
  const lines: string[] = [];
  const ledger = await simulateDay({ seed, certificates, ...(trace && { trace: (line: string) => lines.push(line) }) });
  const { counts, violations } = ledger;
  parentPort?.postMessage({ seed, counts, violations, lines } satisfies SimulatedDay);
});
