import type { Source } from '../../lambda/receiver/source.ts';

/** A source that a request is sent to. */
export interface Recipient {
  readonly source: Source;
  /** The key that signs: the signing secret, or a private key of this machine. */
  readonly key: string;
  /** The URL that the request is sent to. */
  readonly url: string;
  /** The URL that providers sign that sign it. */
  readonly signedUrl: string;
  /** The message if the key cannot sign. It must not have the key. */
  readonly unsignable: string;
  /** What to check if the URL cannot be reached. */
  readonly unreachable: string;
}

/** Finds the recipient by the name of its source. */
export type FindRecipient = (sourceName: string | undefined) => Promise<Recipient>;
