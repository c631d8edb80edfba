import type { CustomDefinition } from '../providers/custom/custom-definition.ts';
import type { Provider } from '../providers/provider.ts';
import type { Settings } from '../signature/scheme.ts';

/** What happens to a verified event that is invalid. */
export type OnInvalid = 'quarantine' | 'reject';

/** One endpoint of a deployment, `/webhooks/{name}`. */
export interface Source {
  readonly name: string;
  /** The name in the registry, or of a provider of the deployment's own. */
  readonly providerName: string;
  readonly provider: Provider;
  /** The largest body, in bytes; undefined for the default, which depends on what the signature covers. */
  readonly maxBodyBytes?: number | undefined;
  /** Whether an invalid event is kept in quarantine and acknowledged, or rejected with a 4xx. */
  readonly onInvalid: OnInvalid;
  /** How long an event is kept, and so how old a signed one may be; in seconds. */
  readonly retentionSeconds: number;
  /** The URL that the provider was given, where it signs that; undefined for the API's own. */
  readonly publicUrl?: string | undefined;
  /** What the provider needs to be told besides the secret. */
  readonly settings: Settings;
  /** The id of an existing secret in Secrets Manager; undefined for the secret that the inbox makes. */
  readonly secretId?: string | undefined;
  /** The name of an existing parameter that has the secret. */
  readonly parameterName?: string | undefined;
  /**
   * Whether the source has a resource in the API to itself, with its throttle or its allow-list. Then the resource that
   * the other sources share does not serve it.
   */
  readonly hasOwnResource: boolean;
}

/** The sources of a deployment, by name. */
export type Sources = ReadonlyMap<string, Source>;

/** What makes a source; `openSource` has the defaults of the rest. */
export interface SourceOptions {
  /** Name of the provider. */
  readonly provider: string;
  readonly maxBodyBytes?: number | undefined;
  /** @default - defaultOnInvalid */
  readonly onInvalid?: OnInvalid | undefined;
  /** @default 2592000 - 30 days */
  readonly retentionSeconds?: number | undefined;
  readonly publicUrl?: string | undefined;
  /** @default - none */
  readonly settings?: Settings | undefined;
  readonly secretId?: string | undefined;
  readonly parameterName?: string | undefined;
  /** @default false */
  readonly hasOwnResource?: boolean | undefined;
  /** What the provider `custom` is built from. @default - none, for every other provider */
  readonly definition?: CustomDefinition | undefined;
}

/** The default retention: 30 days, in seconds. */
const RETENTION_SECONDS = 30 * 24 * 3600;

/** A source with its provider, and the defaults where nothing else is said. */
export function openSource(name: string, options: SourceOptions, provider: Provider): Source {
  const { provider: providerName, onInvalid = defaultOnInvalid(providerName), definition: _, ...rest } = options;
  const { retentionSeconds = RETENTION_SECONDS, settings = {}, hasOwnResource = false, ...others } = rest;
  return { name, providerName, provider, ...others, onInvalid, retentionSeconds, settings, hasOwnResource };
}

/**
 * Nobody can fix what a named provider sends, so its invalid events are kept. The sender of a generic or custom source is a
 * partner who reads the response.
 */
export function defaultOnInvalid(providerName: string): OnInvalid {
  return providerName === 'generic' || providerName === 'custom' ? 'reject' : 'quarantine';
}
