import type { EventItem } from '../../lambda/events/event-item.ts';
import type { EventRequest, ParsedPayload, Reading } from '../../lambda/providers/provider.ts';
import { FORM_TYPE, parsePayload } from '../../lambda/receiver/parse-payload.ts';
import type { Source } from '../../lambda/receiver/source.ts';
import type { HeaderValues } from '../../lambda/signature/signed-request.ts';
import { samplesOf } from '../../samples/sample.ts';
import type { Delivery } from './delivery-request.ts';
import { eventHeaders } from './event-headers.ts';

/**
 * The delivery of a stored event. Its body is the payload to the byte, and its content type is the provider's. An item has
 * no headers, so those that events are read from are found by {@link eventHeaders}. An event that was one of several in a
 * body is in a body that holds it alone.
 * @param payload the bytes as they were received
 */
export function storedDelivery(item: EventItem, payload: Buffer, source: Source): Delivery {
  const contentType = contentTypeOf(payload, source);
  const body = bodiesOf(payload, source).find((each) => holdsEvent(each, contentType, item, source)) ?? payload;
  const names = source.provider.eventHeaders;
  const headers = eventHeaders(names, item, (given) => onlyEvent(readBody(body, contentType, item, source, given)));
  return {
    method: 'POST',
    query: new URLSearchParams(),
    headers: new Map([['content-type', [contentType]], ...headers]),
    body,
  };
}

/** The content type that the provider gives to such a body in its samples, or else declares. */
function contentTypeOf(payload: Buffer, { providerName, provider }: Source): string {
  const inSamples = Object.values(samplesOf({ providerName, provider })).flatMap(
    (each) => each.headers['content-type'] ?? [],
  );
  const known = [...inSamples, ...provider.contentTypes];
  const isForm = known.some(isFormType) && !isJson(payload);
  return known.find((each) => isFormType(each) === isForm) ?? 'application/json';
}

const mediaTypeOf = (contentType: string) => contentType.split(';')[0]?.trim().toLowerCase() ?? '';

const isFormType = (contentType: string) => mediaTypeOf(contentType) === FORM_TYPE;

function isJson(payload: Buffer): boolean {
  return !('unreadable' in parsePayload(payload, { mediaType: 'application/json', hasItems: false }));
}

/** Bodies that may hold the payload, the likeliest first. */
function bodiesOf(payload: Buffer, { providerName, provider }: Source): readonly Buffer[] {
  if (!provider.hasItems) return [payload];
  const containers = ['[]', ...Object.values(samplesOf({ providerName, provider })).map(({ body }) => body)];
  return [...containers.flatMap((each) => containing(payload, each)), payload];
}

/** The payload in the place of the first item of a list; the objects around that have no other fields. */
function containing(payload: Buffer, container: string): readonly Buffer[] {
  const shell = shellOf(parsed(container));
  return shell === undefined ? [] : [Buffer.concat([Buffer.from(shell[0]), payload, Buffer.from(shell[1])])];
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json.replaceAll(/\{\{[^{}]*\}\}/g, '0'));
  } catch {
    return undefined;
  }
}

/** What precedes and what follows the item. An item may be in an object that has nothing else. */
function shellOf(value: unknown): readonly [before: string, after: string] | undefined {
  if (Array.isArray(value)) return shellOfItem(value[0]);
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, field] of Object.entries(value)) {
    const shell = shellOf(field);
    if (shell) return [`{${JSON.stringify(name)}:${shell[0]}`, `${shell[1]}}`];
  }
  return undefined;
}

function shellOfItem(item: unknown): readonly [before: string, after: string] {
  const [name, ...others] = typeof item === 'object' && item !== null ? Object.keys(item) : [];
  const isWrapped = name !== undefined && others.length === 0;
  return isWrapped ? [`[{${JSON.stringify(name)}:`, '}]'] : ['[', ']'];
}

/** Whether a list with the item alone is read as the event that was stored. Among others, it may have got a longer id. */
function holdsEvent(body: Buffer, contentType: string, item: EventItem, source: Source): boolean {
  const reading = readBody(body, contentType, item, source, new Map());
  return reading?.isBatch === true && item.event_id.startsWith(onlyEvent(reading)?.id ?? '\0');
}

function onlyEvent(reading: Reading | undefined) {
  const [read, ...others] = reading?.events ?? [];
  return read && 'event' in read && others.length === 0 ? read.event : undefined;
}

/** @returns undefined if the body cannot be parsed */
function readBody(
  body: Buffer,
  contentType: string,
  { received_at }: EventItem,
  { provider }: Source,
  headers: HeaderValues,
): Reading | undefined {
  const mediaType = mediaTypeOf(contentType);
  const result = parsePayload(body, { ...provider, mediaType });
  if ('unreadable' in result) return undefined;
  return provider.read(result satisfies ParsedPayload, eventRequest({ body, mediaType, headers }, received_at));
}

function eventRequest(request: Pick<EventRequest, 'body' | 'mediaType' | 'headers'>, receivedAt: string): EventRequest {
  return { ...request, method: 'POST', url: '', query: new URLSearchParams(), receivedAt: Date.parse(receivedAt) };
}
