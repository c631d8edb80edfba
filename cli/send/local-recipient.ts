import { portFrom, UsageError } from '../arguments.ts';
import type { InboxFile } from '../inbox-file.ts';
import { invocation } from '../invocation.ts';
import { everySource, publicUrlFrom } from '../local/every-source.ts';
import { secretVariable, signingKey } from '../local/local-keys.ts';
import type { FindRecipient } from './recipient.ts';
import { sourceNamed } from './source-named.ts';

const OTHER_SOURCES = 'Sources of your own: --config FILE. Sources of a deployed inbox: --stack NAME.';

/**
 * Finds a source of the inbox on this machine. If `PUBLIC_URL` is set, that is signed.
 * @param url replaces the URL of the source, also where it is signed
 * @param own sources of one's own
 * @throws {UsageError} if there is no such source, or its secret in the environment is empty
 */
export function localRecipient(environment: NodeJS.ProcessEnv, url: string | undefined, own: InboxFile): FindRecipient {
  return async (name) => {
    const localUrl = `http://127.0.0.1:${portFrom(environment, 'PORT', 3000)}`;
    const sources = everySource(environment, publicUrlFrom(environment) ?? localUrl, own);
    const source = sourceNamed(sources, name, OTHER_SOURCES);
    const variable = secretVariable(source.name);
    const key = signingKey(environment, source);
    if (!key) throw new UsageError(`${variable} is set, but empty.`);
    const sourceUrl = `${localUrl}/webhooks/${source.name}`;
    return {
      source,
      key,
      url: url ?? sourceUrl,
      signedUrl: url ?? source.publicUrl ?? sourceUrl,
      unsignable: `If ${variable} is set, it may be a public key, which cannot sign: unset it to use the generated keys.`,
      unreachable: `Is \`${invocation('start')}\` running?`,
    };
  };
}
