import type { SigningKeys } from '../../lambda/signature/scheme.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import type { WrittenRequest } from '../support/judged-requests.ts';
import type { VectorRequest } from '../support/vectors.ts';

/**
 * A provider's own SDK, or a public library of others: the receiver of the requests that we sign and, if it can sign, a
 * sender. Its clock is that of the request, because `Date` is replaced while it runs.
 */
export interface Judge {
  /** The package that holds the SDK. This folder's package.json pins its version. */
  readonly package: string;
  /**
   * Throws, or returns or resolves to `false`, if the SDK refuses the request.
   * @param secret the receiver's key, as the provider's dashboard displays it, or the certificate that the provider
   *   publishes
   * @param calledUrl the URL with its query string, as they were written
   */
  readonly accepts: (request: SignedRequest, secret: string, calledUrl: string) => unknown;
  /**
   * Replaces our signature with the SDK's.
   * @param key the sender's key
   * @default - the SDK cannot sign
   */
  readonly sign?: (request: SignedRequest, key: string) => SignedRequest | Promise<SignedRequest>;
  /** New keys, if the SDK knows only some of those that the provider's scheme takes. @default - those of the scheme */
  readonly generateKeys?: () => SigningKeys;
  /** The URL that the provider was given. @default - one without a query string */
  readonly url?: string;
  /** Whether the SDK judges such a request. @default - each sample and each variant of the provider */
  readonly covers?: (request: VectorRequest) => boolean;
  /** More requests that we sign, by name. The SDK may refuse them. */
  readonly requests?: Readonly<Record<string, VectorRequest>>;
  /** More requests that the SDK signs, by name. */
  readonly signed?: (key: string) => Readonly<Record<string, WrittenRequest>>;
  /** More forgeries, by name, besides those of forgeries.ts. One of the same name replaces it. */
  readonly forgeries?: Readonly<Record<string, (signed: SignedRequest) => SignedRequest>>;
  /** More bodies of the first sample, which are judged and not recorded. */
  readonly bodies?: () => readonly string[];
}
