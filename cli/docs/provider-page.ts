import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import { unsignedIdWarning } from '../../lib/providers/unsigned-id-headers.ts';
import { withSection } from './generated-section.ts';

/** The page of a provider as it is. */
interface CurrentPage {
  readonly file: string;
  readonly page: string;
}

const COMMAND = 'npm run docs';

/**
 * The page of a provider, with the current warning about headers that identify its events and are not signed.
 * @throws {UsageError} if the provider has such headers, and the page has no comments for the warning
 */
export function providerPage(name: ProviderName, { file, page }: CurrentPage): string {
  const text = unsignedIdWarning(name, providers[name]()).map(sentence).join('\n\n');
  const hasSection = page.includes(`<!-- Written by \`${COMMAND}\`. -->`);
  return text !== '' || hasSection ? withSection(page, { file, command: COMMAND, text }) : page;
}

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
