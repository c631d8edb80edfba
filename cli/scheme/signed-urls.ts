import { onlyValue } from '../../lambda/signature/signed-request.ts';
import type { CapturedRequest } from './captured-request.ts';

/** More than the headers of a request name. */
const MAX_HOSTS = 4;

/** More than any request has in practice. */
const MAX_URLS = 48;

/**
 * The URLs that a request may have been sent to, the likeliest first: the one in its request line, or the path with the
 * hosts in its headers.
 * @returns empty if the request names no host
 */
export function urlsOf(captured: CapturedRequest): readonly string[] {
  if (/^https?:\/\//i.test(captured.target)) return [captured.target];
  const path = captured.target.startsWith('/') ? captured.target : `/${captured.target}`;
  return hostsOf(captured).map((host) => `https://${host}${path}`);
}

/** The hosts that the headers name: the one that a proxy was called by first. */
function hostsOf({ headers }: Pick<CapturedRequest, 'headers'>): readonly string[] {
  const forwarded = /(?:^|[;,]\s*)host="?([^";,\s]+)/i.exec(onlyValue(headers, 'forwarded') ?? '')?.[1];
  const names = [
    onlyValue(headers, 'x-forwarded-host')?.split(',')[0]?.trim(),
    forwarded,
    onlyValue(headers, 'x-original-host'),
    onlyValue(headers, 'host'),
  ];
  const hosts = names.filter((name) => name !== undefined && /^[A-Za-z0-9.:[\]-]{1,255}$/.test(name));
  return [...new Set(hosts as string[])].slice(0, MAX_HOSTS);
}

/** Other ways in which the URL may have been given to the sender: each part by itself, and then two of them. */
export function variantsOf(url: string, captured: CapturedRequest): readonly string[] {
  const once = changesOf(url, captured);
  const twice = once.flatMap((each) => changesOf(each, captured));
  return [...new Set([...once, ...twice])].filter((each) => each !== url).slice(0, MAX_URLS);
}

function changesOf(text: string, captured: CapturedRequest): readonly string[] {
  const url = URL.parse(text);
  if (!url) return [];
  const [, origin = '', path = '', query = ''] = /^([a-z]+:\/\/[^/?#]*)([^?#]*)(\?[^#]*)?/i.exec(text) ?? [];
  const other = url.protocol === 'https:' ? 'http' : 'https';
  const port = onlyValue(captured.headers, 'x-forwarded-port');
  const sent = /\?.*/s.exec(captured.target)?.[0] ?? '';
  return [
    origin.replace(/^[a-z]+/i, other) + path + query,
    ...hostsOf(captured).map((host) => `${url.protocol}//${host}${path}${query}`),
    origin + (path.endsWith('/') ? path.slice(0, -1) : `${path}/`) + query,
    ...(query === '' ? [] : [origin + path]),
    ...(sent === '' || sent === query ? [] : [origin + path + sent]),
    ...(captured.target.startsWith('/') ? [origin + captured.target] : []),
    ...(url.port === '' ? [] : [`${url.protocol}//${url.hostname}${path}${query}`]),
    ...portsOf(url, port).map((each) => `${url.protocol}//${url.hostname}:${each}${path}${query}`),
    url.href,
    decodedPath(origin, path, query),
  ];
}

/** The port that a sender may write although it is the scheme's own, and the one that a proxy listens on. */
function portsOf(url: URL, forwarded: string | undefined): readonly string[] {
  const own = url.protocol === 'https:' ? '443' : '80';
  return [...new Set([own, ...(forwarded && /^\d{1,5}$/.test(forwarded) ? [forwarded] : [])])];
}

function decodedPath(origin: string, path: string, query: string): string {
  try {
    return origin + decodeURIComponent(path) + query;
  } catch {
    return origin + path + query;
  }
}
