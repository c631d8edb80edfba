import type { Source } from '../../lambda/receiver/source.ts';
import type { SourceDescription } from './api.ts';
import { guideOf } from './guides.ts';
import { CONSOLE_PATH } from './session.ts';

/** The part of a description that depends on where the inbox is. */
type PlaceOfSource = Pick<SourceDescription, 'url' | 'secret' | 'isSecretMissing'>;

/** What the page shows of a source. */
export function describeSource({ name, providerName, provider }: Source, place: PlaceOfSource): SourceDescription {
  return {
    name,
    provider: providerName,
    ...place,
    documentation: provider.documentation.startsWith('https:') ? provider.documentation : undefined,
    guide: guideOf(providerName) === undefined ? undefined : `${CONSOLE_PATH}/guides/${providerName}`,
  };
}
