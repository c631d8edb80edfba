import { isIP } from 'node:net';
import { UsageError } from '../cli/arguments.ts';

/** An endpoint to probe. */
export interface Target {
  /** URL of the endpoint, without query string and fragment. */
  readonly url: URL;
  /** Name of the source; undefined if the path is not `/webhooks/{source}`. */
  readonly source: string | undefined;
  /** Whether the endpoint is on this machine: without a network, and without TLS. */
  readonly isLoopback: boolean;
}

/**
 * Reads a target. If there is a source, `/webhooks/{source}` is appended to the URL, unless the URL ends with it.
 * @throws {UsageError} for an invalid source, and for a URL that is not http or https or contains credentials
 */
export function toTarget(url: string, source: string | undefined): Target {
  const endpoint = parse(url);
  endpoint.search = '';
  endpoint.hash = '';
  if (source !== undefined) endpoint.pathname = pathOf(endpoint.pathname, source);
  const [, named] = /\/webhooks\/([^/]+)$/.exec(endpoint.pathname) ?? [];
  return { url: endpoint, source: source ?? named, isLoopback: isLoopback(endpoint.hostname) };
}

function pathOf(pathname: string, source: string): string {
  if (!/^[A-Za-z0-9_-]+$/.test(source)) throw new UsageError(`"${source}" is not a valid name of a source.`);
  const path = `/webhooks/${source}`;
  const base = pathname.replace(/(?<!\/)\/+$/, '');
  return base.endsWith(path) ? base : base + path;
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw new UsageError(`"${text}" is not an http or https URL.`);
  if (url.username || url.password) throw new UsageError('The URL must not contain a user name or a password.');
  return url;
}

/** @see https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
function isLoopback(hostname: string): boolean {
  if (hostname === '[::1]' || hostname === 'localhost' || hostname.endsWith('.localhost')) return true;
  return isIP(hostname) === 4 && hostname.startsWith('127.');
}
