import type { ProviderName } from '../../lambda/providers/index.ts';
import { providers } from '../../lambda/providers/index.ts';
import { toSource } from '../../lambda/receiver/registered-source.ts';
import type { Source } from '../../lambda/receiver/source.ts';
import { exampleSettings } from '../../samples/example-settings.ts';
import { RETRY_SCHEDULES, type RetrySchedule } from '../../samples/retry-schedules.ts';
import type { IssuedCertificate } from './certificate-authority.ts';
import type { KeyVersion } from './source-keys.ts';

/** A source, and the provider behind it. */
export interface SimulatedSource {
  readonly name: ProviderName;
  readonly source: Source;
  readonly schedule: RetrySchedule;
  /** The versions of its secret, the oldest first; none for a provider that signs with a certificate. */
  readonly keys: KeyVersion[];
  /** The certificates that the provider signs with, one after the other. */
  readonly certificates: { readonly certificate: IssuedCertificate; readonly since: number }[];
}

/** A source by the name of its provider. @param retentionSeconds @default 30 days */
export function simulatedSource(name: ProviderName, retentionSeconds?: number): SimulatedSource {
  const source = toSource(name, {
    provider: name,
    publicUrl: `https://hooks.example.com/webhooks/${name}`,
    settings: exampleSettings(providers[name]()),
    ...(retentionSeconds !== undefined && { retentionSeconds }),
  });
  return { name, source, schedule: RETRY_SCHEDULES[name], keys: [], certificates: [] };
}

/** The certificate that the provider signs with at a time; undefined for a provider without. */
export function certificateInUse({ certificates }: SimulatedSource, now: number): IssuedCertificate | undefined {
  return certificates.findLast(({ since }) => since <= now)?.certificate;
}
