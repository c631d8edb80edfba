import { isIP } from 'node:net';
import { UsageError } from '../cli/arguments.ts';

/** An endpoint to be probed. */
export interface Target {
  /** Of the endpoint, without query string. */
  readonly url: URL;
  /** The source's name, where the path says it: `/webhooks/{source}`. */
  readonly source: string | undefined;
  /** Whether it is on this machine: no network between, and no TLS to be expected. */
  readonly isLoopback: boolean;
}

/**
 * The endpoint: `url` as it is, or `url` with `/webhooks/{source}` behind it where a source is named and that does not
 * stand there already.
 * @throws {UsageError} unless it is an http or https URL
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
  if (!/^[A-Za-z0-9_-]+$/.test(source)) throw new UsageError(`"${source}" is no name of a source.`);
  const path = `/webhooks/${source}`;
  const base = pathname.replace(/\/+$/, '');
  return base.endsWith(path) ? base : base + path;
}

function parse(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw new UsageError(`"${text}" is no http or https URL.`);
  if (url.username || url.password) throw new UsageError('The URL must hold no user name and no password.');
  return url;
}

/** @see https://www.rfc-editor.org/rfc/rfc6761#section-6.3 */
function isLoopback(hostname: string): boolean {
  if (hostname === '[::1]' || hostname === 'localhost' || hostname.endsWith('.localhost')) return true;
  return isIP(hostname) === 4 && hostname.startsWith('127.');
}
