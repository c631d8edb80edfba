import { checkUrl, readArguments, UsageError } from '../arguments.ts';
import { CONFIG_HELP, type InboxFile, readInboxFile } from '../inbox-file.ts';
import { invocation } from '../invocation.ts';
import { everySource } from '../local/every-source.ts';
import { print } from '../print.ts';
import { sourceNamed } from '../send/source-named.ts';
import { sourcePage } from './source-page.ts';

const BASE_URL = 'https://hooks.example.com';

const HELP = `Prints a page in Markdown about sources of your own: how a request is signed, how events are read from it, the response,
a signed sample, and the weaknesses of the scheme.

  ${invocation('describe', '[<source>] [--config FILE] [--base-url URL]')}

  <source>        name of the source, or of a provider (all sources of the file)
  --config FILE   ${CONFIG_HELP}
  --base-url URL  what precedes /webhooks/<source> in the URL of a source (${BASE_URL})

Nothing is read from AWS. The sample is signed with a key that is generated for the page, and accepted nowhere.`;

/** The command `webhook-inbox describe`. */
export function describe(environment: NodeJS.ProcessEnv): void {
  const given = readArguments(HELP, { config: { type: 'string' }, 'base-url': { type: 'string', default: BASE_URL } });
  if (!given) return;
  const { values, positionals } = given;
  if (positionals.length > 1) throw new UsageError(`Name one source only, not ${positionals.length}.\n\n${HELP}`);
  const own = readInboxFile(values.config);
  const baseUrl = checkUrl('--base-url', values['base-url']).replace(/(?<!\/)\/+$/, '');
  const names = namesOf(positionals[0], own);
  print(names.map((name) => pageOf(name, own, environment, baseUrl)).join('\n'));
}

function namesOf(name: string | undefined, { sources }: InboxFile): readonly string[] {
  if (name !== undefined) return [name];
  if (sources.size > 0) return [...sources.keys()];
  throw new UsageError('Name a source, or the file that has yours: --config FILE.');
}

function pageOf(name: string, own: InboxFile, environment: NodeJS.ProcessEnv, baseUrl: string): string {
  const source = sourceNamed(everySource(environment, baseUrl, own), name, 'Sources of your own: --config FILE.');
  const { definition } = own.sources.get(name) ?? {};
  return sourcePage({ source, definition, url: `${baseUrl}/webhooks/${name}`, now: Date.now() });
}
