/** A signal that aborts at the first Ctrl-C, or SIGTERM; the second one ends the process at once. */
export function interruption(): AbortSignal {
  const interrupted = new AbortController();
  const abort = () => interrupted.abort();
  process.once('SIGINT', abort).once('SIGTERM', abort);
  return interrupted.signal;
}
