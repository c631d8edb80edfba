/** Sends a request: the `fetch` of Node.js, except in tests. */
export type Fetch = (url: URL, init: RequestInit) => Promise<Response>;

/** Why nothing was downloaded: the host has it not, or the request failed and may succeed later. */
export type Failure = 'refused' | 'unavailable';

const MAX_BYTES = 64 * 1024;
const TIMEOUT_MS = 1_000;

/** Downloads a text of up to 64 KiB, without redirects and within a second. */
export async function download(fetch: Fetch, url: URL): Promise<string | Failure> {
  try {
    const response = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) return isTemporary(response.status) ? 'unavailable' : 'refused';
    return (await readAtMost(response, MAX_BYTES)) ?? 'refused';
  } catch {
    return 'unavailable';
  }
}

/** A host that limits requests responds with 429, which says nothing about the certificate. */
const isTemporary = (status: number) => status === 408 || status === 429 || status >= 500;

async function readAtMost(response: Response, maxBytes: number): Promise<string | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
