import { createInterface } from 'node:readline';
import { UsageError } from '../arguments.ts';

/**
 * Reads ids from arguments, or from standard input if the only argument is `-`: one per line.
 * @param noun such as `event ids`
 * @returns the ids without repetitions, in the order given
 * @throws {UsageError} if both have ids, or standard input has none
 */
export async function readIds(args: readonly string[], noun: string): Promise<readonly string[]> {
  if (!args.includes('-')) return [...new Set(args)];
  if (args.length > 1) throw new UsageError(`Give ${noun} as arguments, or - for standard input; not both.`);
  const ids = new Set<string>();
  for await (const line of createInterface({ input: process.stdin })) ids.add(line.trim());
  ids.delete('');
  if (ids.size === 0) throw new UsageError(`Standard input has no ${noun}.`);
  return [...ids];
}
