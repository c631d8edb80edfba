import type { ProviderName } from '../providers/index.ts';
import type { Provider } from '../providers/provider.ts';
import type { Settings } from '../signature/scheme.ts';

/** One endpoint of a deployment, `/webhooks/{name}`. */
export interface Source {
  readonly name: string;
  readonly providerName: ProviderName;
  readonly provider: Provider;
  /** The largest body, in bytes. */
  readonly maxBodyBytes: number;
  /** How long an event is kept, and so how old a signed one may be; in seconds. */
  readonly retentionSeconds: number;
  /** The URL that the provider was given, where it signs that; undefined for the API's own. */
  readonly publicUrl?: string | undefined;
  /** What the provider needs to be told besides the secret. */
  readonly settings: Settings;
}

/** The sources of a deployment, by name. */
export type Sources = ReadonlyMap<string, Source>;
