import type { SignedRequest } from '../../lambda/signature/signed-request.ts';

/** What verifies a sample at synthesis, which opens no connection. */
export const NOTHING_PUBLISHED = {
  certificates: { get: async () => 'unavailable' as const },
  fetch: async () => new Response('', { status: 503 }),
};

/** The URL that samples are sent to. */
export const SAMPLE_URL = 'https://hooks.example.com/webhooks/sample';

/** The media type of a request's body, without its parameters. */
export function mediaTypeOf({ headers }: SignedRequest): string {
  const [contentType = ''] = headers.get('content-type') ?? [];
  return contentType.split(';')[0]?.trim().toLowerCase() ?? '';
}
