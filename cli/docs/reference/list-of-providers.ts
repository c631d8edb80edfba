import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { code, table } from './markdown.ts';
import { inCell } from './text.ts';

/** The types that follow from the registry of providers: their declarations would not say what it holds. */
const LISTS: ReadonlyMap<string, () => string> = new Map([
  ['ProviderName', namesOfProviders],
  ['ProviderSettings', settingsOfProviders],
]);

/** What such a type is, in Markdown; `undefined` for any other type. */
export const listOfProviders = (type: string) => LISTS.get(type)?.();

function namesOfProviders(): string {
  return `${entries()
    .map(([name]) => linkTo(name))
    .join(', ')}.`;
}

function settingsOfProviders(): string {
  const rows = entries().flatMap(([name, settings]) =>
    Object.entries(settings).map(([setting, { description, isOptional }]) => [
      linkTo(name),
      code(setting),
      inCell(description),
      isOptional ? 'optional' : '**required**',
    ]),
  );
  return table(['Provider', 'Name', 'Meaning', ''], rows);
}

function entries() {
  const names = Object.keys(providers) as ProviderName[];
  return names.map((name) => [name, providers[name]().settings] as const);
}

const linkTo = (name: string) => `[${code(name)}](providers/${name}.md)`;
