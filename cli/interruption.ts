/** How long after the first signal another one may be its copy, in milliseconds: npm passes on what the terminal sends too. */
const COPY_MS = 1_000;

/**
 * A signal that aborts at the first Ctrl-C or SIGTERM, or if nobody reads standard output any more, so that the command
 * ends in its own way. A later Ctrl-C ends the process at once.
 */
export function interruption(): AbortSignal {
  const interrupted = new AbortController();
  let firstAt: number | undefined;
  const abort = () => {
    firstAt ??= performance.now();
    if (performance.now() - firstAt > COPY_MS) process.exit(130);
    interrupted.abort();
  };
  process.on('SIGINT', abort).on('SIGTERM', abort);
  process.stdout.on('error', () => interrupted.abort());
  return interrupted.signal;
}
