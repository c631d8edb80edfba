import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { issueCertificates } from './certificate-authority.ts';
import type { DayWorkerData, SimulatedDay } from './day-worker.ts';
import { type AllCertificates, CERTIFICATE_END, DAY_START } from './plan.ts';

/** Which days to simulate. */
export interface SimulateDaysOptions {
  readonly firstSeed: number;
  readonly days: number;
  /** The name of the break that the code has. @default none */
  readonly broken?: string | undefined;
  /** @default false */
  readonly trace?: boolean | undefined;
  /** Sees each day once it is over. @returns whether to go on */
  readonly onDay: (day: SimulatedDay) => boolean;
}

/** Simulates days with seeds in a row, in as many threads as the machine has processors. */
export async function simulateDays({
  firstSeed,
  days,
  broken,
  trace = false,
  onDay,
}: SimulateDaysOptions): Promise<void> {
  const data: DayWorkerData = { certificates: await prepareCertificates(), broken, trace };
  const seeds = Array.from({ length: days }, (_, index) => firstSeed + index).values();
  let isOver = false;
  const work = async () => {
    const worker = new Worker(new URL('./day-worker.ts', import.meta.url), { workerData: data });
    try {
      for (const seed of seeds) {
        if (isOver) return;
        worker.postMessage(seed);
        const [day] = await once(worker, 'message');
        isOver ||= !onDay(day);
      }
    } finally {
      await worker.terminate();
    }
  };
  const threads = Math.min(days, availableParallelism());
  await Promise.all(Array.from({ length: threads }, work));
}

let prepared: Promise<AllCertificates> | undefined;

/** Issues the certificates of the providers that sign with one. */
async function prepareCertificates(): Promise<AllCertificates> {
  const times = { day: DAY_START, ending: CERTIFICATE_END };
  const issue = async () => ({
    sns: await issueCertificates('sns', times),
    paypal: await issueCertificates('paypal', times),
  });
  prepared ??= issue();
  return prepared;
}
