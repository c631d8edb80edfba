import type { ProviderName } from '../providers/index.ts';
import type { Provider } from '../providers/provider.ts';
import type { Settings } from '../signature/scheme.ts';

/** What happens to a verified event that is invalid. */
export type OnInvalid = 'quarantine' | 'reject';

/** One endpoint of a deployment, `/webhooks/{name}`. */
export interface Source {
  readonly name: string;
  readonly providerName: ProviderName;
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
  /**
   * Whether the source has a resource in the API to itself, with its throttle or its allow-list. Then the resource that
   * the other sources share does not serve it.
   */
  readonly hasOwnResource: boolean;
}

/** The sources of a deployment, by name. */
export type Sources = ReadonlyMap<string, Source>;
