/** Takes lines, one or more, each with the newline at its end: standard output, which Lambda takes to CloudWatch. */
export type Write = (lines: string) => void;

/** How much a line matters to an operator. */
export type Level = 'INFO' | 'WARN' | 'ERROR';

/** What stands in every line, and is a dimension of every metric. */
export const SERVICE = 'webhook-inbox';

/** What a line is about. */
export interface Line {
  readonly level: Level;
  readonly message: string;
  /** Epoch milliseconds. */
  readonly time: number;
  /** The rest of it; what is undefined is left out. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A line of the log, in JSON. */
export function logLine({ level, message, time, fields }: Line): string {
  const timestamp = new Date(time).toISOString();
  return `${JSON.stringify({ level, message, timestamp, service: SERVICE, ...fields })}\n`;
}
