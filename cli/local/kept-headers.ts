import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { ReceiverFunction } from '../../lambda/receiver/receiver.ts';
import type { Sources } from '../../lambda/receiver/source.ts';

/** A header of a delivery. */
export interface KeptHeader {
  /** In lower case. */
  readonly name: string;
  /** Undefined if the value may be a signature or a secret. */
  readonly value: string | undefined;
}

/** The headers of the last deliveries to this machine, for the console. They are in memory. */
export interface KeptHeaders {
  readonly keeping: (receive: ReceiverFunction) => ReceiverFunction;
  /** @returns undefined if the request is not among the last */
  readonly of: (requestId: string) => readonly KeptHeader[] | undefined;
}

/** The headers whose values are kept of every delivery: none of them identifies a user or holds a signature. */
const HARMLESS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'content-encoding',
  'content-type',
  'date',
  'host',
  'user-agent',
]);

/** How many deliveries have their headers kept. */
const MAX_DELIVERIES = 1_000;

/** How many headers of a delivery are kept, and how many characters of each. */
const MAX_HEADERS = 60;
const MAX_CHARACTERS = 1_024;

/**
 * Keeps the headers of deliveries: the values of those that the provider's events are read from and of a few harmless
 * ones, and only the names of the others, because a signature, a token or a cookie may be in them.
 */
export function keptHeaders(sources: Sources): KeptHeaders {
  const kept = new Map<string, readonly KeptHeader[]>();

  function keep(event: APIGatewayProxyEvent): void {
    kept.set(event.requestContext.requestId, headersOf(event, sources));
    const [oldest] = kept.keys();
    if (kept.size > MAX_DELIVERIES && oldest !== undefined) kept.delete(oldest);
  }

  return {
    keeping: (receive) => (event, context) => {
      keep(event);
      return receive(event, context);
    },
    of: (requestId) => kept.get(requestId),
  };
}

function headersOf(
  { multiValueHeaders, pathParameters }: APIGatewayProxyEvent,
  sources: Sources,
): readonly KeptHeader[] {
  const source = sources.get(pathParameters?.source ?? '');
  const isShown = (name: string) => HARMLESS.has(name) || (source?.provider.eventHeaders.includes(name) ?? false);
  return Object.entries(multiValueHeaders)
    .slice(0, MAX_HEADERS)
    .map(([given, values = []]) => {
      const name = given.toLowerCase().slice(0, MAX_CHARACTERS);
      return { name, value: isShown(name) ? values.join(', ').slice(0, MAX_CHARACTERS) : undefined };
    })
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
}
