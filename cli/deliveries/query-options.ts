import { suggestion } from '../../lambda/providers/suggestion.ts';
import { UsageError } from '../arguments.ts';
import { localTime, timeOf, timeZone } from '../times.ts';
import type { Delivery, DeliveryQuery } from './delivery-log.ts';
import { OUTCOMES } from './delivery-of-line.ts';

/** The options of commands that choose deliveries. */
export const QUERY_OPTIONS = {
  from: { type: 'string' },
  to: { type: 'string' },
  since: { type: 'string' },
  type: { type: 'string', multiple: true },
  outcome: { type: 'string', multiple: true },
  text: { type: 'string' },
  limit: { type: 'string' },
} as const;

/** Lines of `--help` for these options. */
export const QUERY_HELP = `--from, --to    the window, by the time of the response; --to is now by default
  --since TIME    the same as --from
  --type PATTERN  the types of events, in which * is any text, such as 'invoice.*'; may be repeated
  --outcome LIST  ${OUTCOMES.slice(0, 5).join(', ')},
                  ${OUTCOMES.slice(5).join(', ')}; several with commas
  --text TEXT     deliveries that have the text in an id, a type, a reason or a path
  --limit NUMBER  the newest ones only`;

/** The values of these options. */
export interface QueryValues {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly since?: string | undefined;
  readonly type?: readonly string[] | undefined;
  readonly outcome?: readonly string[] | undefined;
  readonly text?: string | undefined;
  readonly limit?: string | undefined;
}

/**
 * Reads the query of a command.
 * @param defaultFrom epoch milliseconds, without `--from` and `--since`
 * @throws {UsageError} if a value is not one
 */
export function queryOf(
  values: QueryValues,
  sources: readonly string[],
  { now, defaultFrom }: { readonly now: Date; readonly defaultFrom: number },
): DeliveryQuery & { readonly to: number } {
  if (values.from !== undefined && values.since !== undefined)
    throw new UsageError('Give --from or --since, not both: they mean the same.');
  const from = startOf(values, now) ?? defaultFrom;
  const to = values.to === undefined ? now.getTime() + 1 : timeOf('--to', values.to, now, from);
  checkOrder(from, to, now);
  return {
    ...(sources.length > 0 && { sources }),
    from,
    to,
    types: values.type,
    outcomes: values.outcome && outcomesOf(values.outcome),
    text: values.text,
    limit: values.limit === undefined ? undefined : countOf('--limit', values.limit),
  };
}

/** @throws {UsageError} if nothing can be in the window */
function checkOrder(from: number, to: number, now: Date): void {
  const zone = `in the time zone ${timeZone(from)}`;
  if (from > now.getTime())
    throw new UsageError(`The window begins at ${localTime(from)}, which is in the future, ${zone}.`);
  if (from < to) return;
  const times = `it begins at ${localTime(from)} and ends at ${localTime(to)}, ${zone}`;
  throw new UsageError(`The window is out of order: ${times}. Check --from and --to.`);
}

function startOf({ from, since }: QueryValues, now: Date): number | undefined {
  if (from !== undefined) return timeOf('--from', from, now);
  return since === undefined ? undefined : timeOf('--since', since, now);
}

function outcomesOf(lists: readonly string[]): readonly Delivery['outcome'][] {
  return lists.flatMap((list) => list.split(',')).map((word) => outcomeOf(word.trim()));
}

function outcomeOf(word: string): Delivery['outcome'] {
  const outcome = OUTCOMES.find((each) => each === word);
  if (outcome) return outcome;
  const meant = suggestion(word, OUTCOMES);
  throw new UsageError(
    `"${word}" is no outcome. ${meant ? `Did you mean ${meant}?` : `They are: ${OUTCOMES.join(', ')}.`}`,
  );
}

/**
 * Reads a whole number that is at least 1.
 * @throws {UsageError} if it is none
 */
export function countOf(option: string, text: string): number {
  const count = Number(text);
  if (!/^\d{1,9}$/.test(text) || count < 1)
    throw new UsageError(`${option} "${text}" is not a whole number from 1 on.`);
  return count;
}
