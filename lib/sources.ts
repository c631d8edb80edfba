import { isProviderName, type ProviderName, providers } from '../lambda/providers/index.ts';

/** One endpoint, `POST /webhooks/<its name>`. */
export interface SourceProps {
  /** Who sends, by a name that docs/providers.md lists. */
  readonly provider: ProviderName;
  /**
   * The largest body accepted, in bytes; 4 MiB at most, since Lambda takes 6 MB and a body reaches it in base64.
   * @default 1 MiB
   */
  readonly maxBodyBytes?: number;
}

/** Lambda takes 6 MB, of which the event around the body is a little, and base64 makes four bytes of three. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/**
 * Checks sources before anything is built from them.
 * @throws {Error} that says which source is wrong, and what to change
 */
export function checkSources(sources: Readonly<Record<string, SourceProps>>): void {
  const names = Object.keys(sources);
  if (names.length === 0) throw new Error("An inbox needs a source: sources: { partner: { provider: 'generic' } }");
  for (const name of names) checkSource(name, sources[name]);
}

function checkSource(name: string, source: SourceProps | undefined): void {
  const refuse = (what: string): never => {
    throw new Error(`Source "${name}": ${what}`);
  };
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40) {
    refuse('its name is part of a URL; use lower-case letters, digits and single hyphens, 40 characters at most.');
  }
  const provider = source?.provider ?? '';
  if (!isProviderName(provider)) {
    refuse(`there is no provider "${provider}". There are: ${Object.keys(providers).join(', ')}.`);
  }
  const { maxBodyBytes = 1 } = source ?? {};
  if (!Number.isInteger(maxBodyBytes) || maxBodyBytes < 1 || maxBodyBytes > MAX_BODY_BYTES) {
    refuse(`maxBodyBytes must be a whole number from 1 to ${MAX_BODY_BYTES} (4 MiB), not ${maxBodyBytes}.`);
  }
}
