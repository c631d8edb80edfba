import type { Fetch } from '../../lambda/signature/download.ts';

/** What a provider publishes, from a file in place of the network. */
export interface PublishedFile {
  /** Answers every request with the file. No request leaves this machine. */
  readonly fetch: Fetch;
  /** The URLs that were asked for. */
  readonly urls: ReadonlySet<string>;
}

/** @param content of the file; undefined for no file */
export function publishedFile(content: string | undefined): PublishedFile {
  const urls = new Set<string>();
  return {
    urls,
    async fetch(url) {
      urls.add(url.href);
      return content === undefined ? new Response('', { status: 503 }) : new Response(content);
    },
  };
}
