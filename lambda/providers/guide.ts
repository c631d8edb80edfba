/** What docs/providers.md tells whoever sets up a source. No part of the deployed function. */
export interface Guide {
  /** Where the source's URL is pasted. */
  readonly url: string;
  /** Which secret, or public key, is copied into the source's secret. */
  readonly secret: string;
  /** How it is changed there, whether both count for a time, and what becomes of the deliveries in between. */
  readonly rotation: string;
  /** How long the provider waits for an answer, and when it tries again. */
  readonly retries: string;
  /** What is weaker about its scheme than a signature over the body and a time, said plainly. */
  readonly weaknesses: string;
  /** What else to know. */
  readonly notes?: string;
}
