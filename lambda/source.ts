import type { ProviderName } from './providers/index.ts';
import type { Provider } from './providers/provider.ts';

/** One endpoint of a deployment, `POST /webhooks/{name}`. */
export interface Source {
  readonly name: string;
  readonly providerName: ProviderName;
  readonly provider: Provider;
  /** The largest body, in bytes. */
  readonly maxBodyBytes: number;
  /** How long an event is kept, and so how old a signed one may be; in seconds. */
  readonly retentionSeconds: number;
}

/** The sources of a deployment, by name. */
export type Sources = ReadonlyMap<string, Source>;
