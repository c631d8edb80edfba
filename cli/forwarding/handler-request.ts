import type { SignedRequest } from '../../lambda/signature/signed-request.ts';

/** The forms in which a handler can get what was stored: the delivery as the provider sent it, or the event of the bus. */
export const FORMS = ['delivery', 'event'] as const;

/** A form in which a handler can get what was stored. */
export type Form = (typeof FORMS)[number];

/** The header that names the source to a handler. */
export const SOURCE_HEADER = 'inbox-source';

/** A request to a handler. */
export interface HandlerRequest {
  /** The source that it was delivered to. */
  readonly source: string;
  /** The event id, or several, for people to read. */
  readonly description: string;
  /** Makes the request. Each attempt calls it, so that the signed time is that of the attempt. */
  readonly make: () => SignedRequest | Promise<SignedRequest>;
  /** How many bytes it keeps in memory while it waits. @default 0 */
  readonly bytes?: number | undefined;
  /** Called when the handler has taken the request, or when it has been given up. */
  readonly settled?: (() => void) | undefined;
}

/** The URL of the handler of a source: `{source}` in it becomes the name of the source. */
export function handlerUrl(url: string, source: string): string {
  return url.replaceAll(/\{source\}|%7Bsource%7D/gi, source);
}
