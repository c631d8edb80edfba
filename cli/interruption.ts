/** How long after the first signal another one may be its copy, in milliseconds: npm passes on what the terminal sends too. */
const COPY_MS = 1_000;

/** Exit statuses by signal, as a shell has them for a process that the signal ended: 128 and the signal's number. */
const STATUSES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * A signal that aborts at the first Ctrl-C or SIGTERM, when the terminal is closed, or if nobody reads standard output any
 * more, so that the command ends in its own way. After a signal, the exit status is 128 and its number, such as 130 after
 * Ctrl-C. A later Ctrl-C ends the process at once.
 * @param stopping called at the first signal
 */
export function interruption(stopping = (): void => undefined): AbortSignal {
  const interrupted = new AbortController();
  let firstAt: number | undefined;
  const abort = (signal: keyof typeof STATUSES) => {
    if (firstAt !== undefined && performance.now() - firstAt > COPY_MS) process.exit(STATUSES[signal]);
    if (firstAt === undefined) stopping();
    firstAt ??= performance.now();
    process.exitCode = STATUSES[signal];
    interrupted.abort();
  };
  process.on('SIGINT', abort).on('SIGTERM', abort).on('SIGHUP', abort);
  process.stdout.on('error', () => interrupted.abort());
  return interrupted.signal;
}
