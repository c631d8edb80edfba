import {
  type CloudWatchLogsClient,
  type FilteredLogEvent,
  FilterLogEventsCommand,
  type FilterLogEventsCommandInput,
} from '@aws-sdk/client-cloudwatch-logs';
import type { Delivery, DeliveryQuery } from '../delivery-log.ts';
import { deliveryMatcher } from '../delivery-matcher.ts';
import { deliveryOfLine } from '../delivery-of-line.ts';

/** A delivery, and what identifies its line. */
export interface LoggedDelivery {
  readonly delivery: Delivery;
  readonly lineId: string;
}

/**
 * The longest filter pattern, in characters.
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
 */
const MAX_PATTERN_CHARACTERS = 1_024;

/**
 * Reads the lines of a query, in about the order of their time. CloudWatch Logs filters by source and outcome; the rest is
 * filtered here.
 */
export async function* filterLogEvents(
  client: CloudWatchLogsClient,
  logGroupName: string,
  query: DeliveryQuery,
  signal?: AbortSignal,
): AsyncGenerator<LoggedDelivery> {
  const matches = deliveryMatcher(query);
  const { from: startTime, to } = query;
  // The end is inclusive.
  const input = { logGroupName, startTime, endTime: to && to - 1, filterPattern: filterPattern(query) };
  for await (const { message = '', eventId = message } of linesOf(client, input, signal)) {
    const delivery = deliveryOfLine(message);
    if (delivery && matches(delivery)) yield { delivery, lineId: eventId };
  }
}

/** A page may be empty although others follow. */
async function* linesOf(
  client: CloudWatchLogsClient,
  input: FilterLogEventsCommandInput,
  signal: AbortSignal | undefined,
): AsyncGenerator<FilteredLogEvent> {
  let nextToken: string | undefined;
  do {
    const command = new FilterLogEventsCommand({ ...input, nextToken });
    const page = await client.send(command, signal && { abortSignal: signal });
    yield* page.events ?? [];
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}

/** A pattern that every wanted line matches. A body of several events counts them by outcome. */
function filterPattern({ sources, outcomes }: Pick<DeliveryQuery, 'sources' | 'outcomes'>): string {
  const isDelivery = '$.message = "delivery"';
  const bySource = sources?.map((source) => `$.source = ${JSON.stringify(source)}`);
  const byOutcome = outcomes?.flatMap((outcome) => [`$.outcome = "${outcome}"`, `$.events.${outcome} > 0`]);
  const conditions = [bySource, byOutcome].flatMap((any) => (any?.length ? [`(${any.join(' || ')})`] : []));
  const pattern = `{ ${[isDelivery, ...conditions].join(' && ')} }`;
  return pattern.length <= MAX_PATTERN_CHARACTERS ? pattern : `{ ${isDelivery} }`;
}
