import { createHash, createHmac } from 'node:crypto';

/**
 * The signature that Twilio makes for a URL and the parameters of a form. A test compares it with the
 * recorded ones of Twilio's SDK.
 * @param calledUrl as it was written, with its query string
 * @see https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export function expectedTwilioSignature(key: string, calledUrl: string, parameters: Record<string, string>): string {
  const sorted = Object.entries(parameters).sort(([one], [other]) => (one < other ? -1 : 1));
  return createHmac('sha1', key)
    .update(`${calledUrl}${sorted.flat().join('')}`)
    .digest('base64');
}

/** The value of `bodySHA256` that Twilio adds to the URL for a body in JSON. */
export const expectedBodyHash = (body: string) => createHash('sha256').update(body).digest('hex');
