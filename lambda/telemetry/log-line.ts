/** Writes one or more lines, each with its newline, to standard output, which Lambda sends to CloudWatch Logs. */
export type Write = (lines: string) => void;

/** The severity of a line. */
export type Level = 'INFO' | 'WARN' | 'ERROR';

/** The field `service` of every line, and a dimension of every metric. */
export const SERVICE = 'webhook-inbox';

/** The content of a line. */
export interface Line {
  readonly level: Level;
  readonly message: string;
  /** Epoch milliseconds. */
  readonly time: number;
  /** More fields; undefined ones are left out. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A log line, in JSON. */
export function logLine({ level, message, time, fields }: Line): string {
  const timestamp = new Date(time).toISOString();
  return `${JSON.stringify({ level, message, timestamp, service: SERVICE, ...fields })}\n`;
}
