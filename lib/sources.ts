import type { Duration } from 'aws-cdk-lib';
import type { CustomDefinition, ProviderName, ProviderSettings } from '../lambda/providers/index.ts';
import { defaultOnInvalid } from '../lambda/receiver/source.ts';
import type { ExistingSecret } from './existing-secret.ts';

/** Request limits. API Gateway answers requests above them with 429, before any function runs. */
export interface Throttle {
  /** Requests per second, on average. Above 0. */
  readonly rateLimit: number;
  /** Size of a burst of requests. A whole number, at least 1. */
  readonly burstLimit: number;
}

/** What happens to a delivery that is verified but invalid. */
export type OnInvalid = 'quarantine' | 'reject';

/** Options that sources of every provider have. */
export interface SourceOptions {
  /**
   * Largest accepted body, in bytes. At most 4 MiB: Lambda takes 6 MB, and base64 makes a body a third larger. A larger
   * body is answered 413.
   * @default - 4 MiB; 256 KiB if the provider puts the signature into the body or signs its fields, so that the body is
   * read before it is verified (Mailgun, Amazon SNS, Microsoft Graph, forms of Twilio)
   */
  readonly maxBodyBytes?: number;
  /**
   * What happens to a delivery that is verified but invalid, or has the id of a stored event and another payload.
   *
   * - `'quarantine'`: it is kept in the quarantine table for 14 days, acknowledged, and raises an alarm. Choose this if
   *   you cannot change what the sender sends.
   * - `'reject'`: it is answered 4xx, and nothing of it is stored. Choose this if the sender reads the responses.
   *
   * @default - 'quarantine'; 'reject' for the providers `generic` and `custom`, whose sender is a partner
   */
  readonly onInvalid?: OnInvalid;
  /**
   * URL that the provider was given, including its query string. Needed if it differs from the URL in the stack's
   * outputs, such as behind a proxy, and the provider signs it: the provider's page in docs/providers says so.
   * @default - the URL in the stack's outputs
   */
  readonly publicUrl?: string;
  /**
   * Existing secret that has the signing secret: a secret of Secrets Manager as text, or a parameter of Systems Manager,
   * best a `SecureString`. It must be in the inbox's region, and a parameter in its account too. After a change, the
   * version before is accepted for `previousSecretGrace`. Import it with its `encryptionKey` if it has a key of the
   * account. Its rotation, its key and its removal are up to you.
   * @default - a new secret with a random value; none if the provider signs with a certificate
   */
  readonly secret?: ExistingSecret;
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
   * not affect events that are already stored, except that S3 deletes their large payloads after the new retention.
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
} & SettingsPropsOf<ProviderSettings<TName>>;

type SettingsPropsOf<TSettings> = keyof TSettings extends never
  ? {
      /**
       * No settings, as the provider has none.
       * @default - none
       */
      readonly settings?: Readonly<Record<string, never>>;
    }
  : Record<never, never> extends TSettings
    ? {
        /**
         * Settings that a source may have besides its signing secret. The provider's page in docs/providers describes
         * them.
         * @default - the defaults on that page
         */
        readonly settings?: TSettings;
      }
    : {
        /** Settings that the provider needs besides its signing secret. Its page in docs/providers describes them. */
        readonly settings: TSettings;
      };

/** An endpoint for a provider of one's own, `POST /webhooks/<name>`. */
export type OwnSourceProps<TOwn extends string> = SourceOptions & {
  /** Name in `providers` of the inbox. */
  readonly provider: TOwn;
  /**
   * Settings that the provider defines.
   * @default - none
   */
  readonly settings?: Readonly<Record<string, string>>;
};

/**
 * An endpoint for a sender whose scheme is written as data, `POST /webhooks/<name>`. docs/custom.md describes each field of
 * the definition.
 */
export interface CustomSourceProps extends SourceOptions, CustomDefinition {
  /** The provider that is built from the definition. */
  readonly provider: 'custom';
  /** A custom source has no settings. @default - none */
  readonly settings?: Readonly<Record<string, never>>;
}

/** Whether a source is a custom one. No provider of one's own has its name. */
export function isCustomSource(source: SourceProps<string>): source is CustomSourceProps {
  return source.provider === 'custom';
}

/** The definition in the props of a custom source. */
export function definitionOf(props: CustomSourceProps): CustomDefinition {
  const { title, documentation, signature, event, handshakes, acknowledgement, samples } = props;
  return {
    signature,
    event,
    ...(title !== undefined && { title }),
    ...(documentation !== undefined && { documentation }),
    ...(handshakes && { handshakes }),
    ...(acknowledgement && { acknowledgement }),
    ...(samples && { samples }),
  };
}

/**
 * An endpoint, `POST /webhooks/<name>`.
 * @typeParam TOwn names of the inbox's own providers
 */
export type SourceProps<TOwn extends string = never> =
  | { [TName in ProviderName]: SourcePropsOf<TName> }[ProviderName]
  | CustomSourceProps
  | ([TOwn] extends [never] ? never : OwnSourceProps<TOwn>);

/** What happens to an invalid delivery of a source, whose default depends on its provider. */
export function onInvalidOf({ provider, onInvalid = defaultOnInvalid(provider) }: SourceProps<string>): OnInvalid {
  return onInvalid;
}

/**
 * Whether a source has a resource in the API to itself, `/webhooks/<name>`. All others share `/webhooks/{source}`. API
 * Gateway applies a throttle to a resource, and the resource policy applies an allow-list to a path.
 */
export function hasOwnResource({ throttle, allowedCidrs }: SourceOptions): boolean {
  return throttle !== undefined || allowedCidrs !== undefined;
}

/** Sources by name. */
export type SourcesProps<TOwn extends string = never> = Readonly<Record<string, SourceProps<TOwn>>>;
