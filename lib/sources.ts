import type { Duration } from 'aws-cdk-lib';
import type { ProviderName, ProviderSettings } from '../lambda/providers/index.ts';

/** Request limits. API Gateway answers requests above them with 429, before any function runs. */
export interface Throttle {
  /** Requests per second, on average. Above 0. */
  readonly rateLimit: number;
  /** Size of a burst of requests. A whole number, at least 1. */
  readonly burstLimit: number;
}

/** Options that sources of every provider have. */
export interface SourceOptions {
  /**
   * Largest accepted body, in bytes. At most 4 MiB: Lambda takes 6 MB, and base64 makes a body a third larger.
   * @default 1_048_576
   */
  readonly maxBodyBytes?: number;
  /**
   * URL that the provider was given, including its query string. Needed if it differs from the URL in the stack's
   * outputs, such as behind a proxy, and the provider signs it: the provider's page in docs/providers says so.
   * @default - the URL in the stack's outputs
   */
  readonly publicUrl?: string;
  /**
   * IPv4 and IPv6 ranges (CIDR) that may call this source, as published by the provider. The API answers 404 to
   * everyone else, before any function runs. Other sources are not affected.
   * @default - everyone, as signatures keep strangers out
   */
  readonly allowedCidrs?: readonly string[];
  /**
   * Request limits of this source, per HTTP method of its provider. They replace the inbox's limits and may be higher.
   * @default - `throttle` of the inbox
   */
  readonly throttle?: Throttle;
  /**
   * How long the events of this source are stored, and how old a signed event may be. At least an hour. A change does
   * not affect events that are already stored.
   * @default - `retention` of the inbox
   */
  readonly retention?: Duration;
  /**
   * An alarm fires if no event arrives from this source for this long. Choose well above the longest usual pause: a
   * multiple of 5 minutes up to a day, or of an hour up to 7 days. Has no effect if the inbox's `alarms` is `false`.
   * @default - no such alarm
   */
  readonly silentAfter?: Duration;
}

/** An endpoint for a given provider, `POST /webhooks/<name>`. */
export type SourcePropsOf<TName extends ProviderName> = SourceOptions & {
  /** Name of the provider, as listed in docs/providers.md. */
  readonly provider: TName;
} & (keyof ProviderSettings<TName> extends never
    ? { readonly settings?: Readonly<Record<string, never>> }
    : {
        /** Settings that the provider needs besides its signing secret. Its page in docs/providers describes them. */
        readonly settings: ProviderSettings<TName>;
      });

/** An endpoint, `POST /webhooks/<name>`. */
export type SourceProps = { [TName in ProviderName]: SourcePropsOf<TName> }[ProviderName];

/** Sources by name. */
export type SourcesProps = Readonly<Record<string, SourceProps>>;
