import type { Source, Sources } from '../../lambda/receiver/source.ts';
import { isHandshakeKey } from '../../lambda/secrets/handshake-key.ts';
import { readArguments, UsageError } from '../arguments.ts';
import { invocation } from '../invocation.ts';
import { print } from '../print.ts';
import { readSecret } from '../read-secret.ts';
import { withAdvice } from './aws-errors.ts';
import { putSecretFromHandshake } from './handshake/put-secret-from-handshake.ts';
import { STANDARD_STACK } from './named-inbox.ts';
import { nextSteps } from './next-steps.ts';
import { receiverSources } from './receiver-sources.ts';
import { secretStoreOf } from './secret-store.ts';
import { hasSecret } from './signing-secret.ts';
import { inboxOutputs } from './stack-outputs.ts';

const HELP = `Stores a new signing secret of a source in AWS Secrets Manager, or in the parameter that the inbox was given for it.

  ${invocation('secret', '<source> [--stack NAME] [--inbox NAME]')}
  ${invocation('secret', '<source> < FILE')}
  ${invocation('secret', '<source> --from-handshake')}

  <source>          name in the inbox's sources, such as partner
  --from-handshake  waits for the handshake in which the provider hands out the secret (Asana, Notion), and shows it; what
                    you confirm is stored. Without a terminal, the first secret is printed, and nothing is stored
  --stack NAME      the stack that has the inbox (${STANDARD_STACK})
  --inbox NAME      the inbox, if the stack has several

Type the secret, which is not shown, or send it to standard input. An argument would stay in the shell's history and in
the list of processes. Send a secret of several lines, such as a public key, from a file. The previous secret stays
valid for the inbox's grace period. Do not rotate twice within it: only one previous secret is valid. The account and
the region are those of AWS_PROFILE and AWS_REGION.`;

/** The command `webhook-inbox secret`. */
export async function putSecret(): Promise<void> {
  const given = readSecretArguments();
  if (!given) return;
  const source = onlySource(given.positionals);
  const outputs = await inboxOutputs(given.values);
  const found = checkSource(source, await receiverSources(given.values, outputs));
  const store = secretStoreOf(found, outputs);
  if (given.values['from-handshake']) return await putSecretFromHandshake(found, store, outputs);
  const secret = await readSecret(`New signing secret of ${source}:`, process.stdin, process.stderr);
  if (isHandshakeKey(secret))
    throw new UsageError('This is the key of a command that waits for a handshake, no secret.');
  const isNew = await withAdvice(`put the secret ${store.name}`, () => store.put(secret));
  print(isNew ? nextSteps(source, store.name) : `${store.name} already holds this secret. Nothing was changed.`);
}

/** Does not repeat an unknown option, which may be a secret. */
function readSecretArguments() {
  try {
    return readArguments(HELP, {
      stack: { type: 'string' },
      inbox: { type: 'string' },
      'from-handshake': { type: 'boolean', default: false },
    });
  } catch {
    throw new UsageError(`An option is unknown, or has no value.\n\n${HELP}`);
  }
}

/** Does not repeat further arguments, which may be a secret. */
function onlySource([source, ...others]: readonly string[]): string {
  if (others.length > 0) {
    const why = 'an argument stays in the shell’s history and in the list of processes';
    throw new UsageError(
      `Give the source only. A secret must not be an argument: ${why}. If you gave one, have the provider generate another.\n\n${HELP}`,
    );
  }
  if (!source) throw new UsageError(`Name a source.\n\n${HELP}`);
  return source;
}

/** Does not repeat an unknown name, which may be a secret, and sends it nowhere. */
function checkSource(name: string, sources: Sources): Source {
  const source = sources.get(name);
  if (source && hasSecret(source)) return source;
  const names = [...sources.values()].filter(hasSecret).map((each) => each.name);
  const others = `Sources with a secret: ${names.toSorted().join(', ') || 'none'}.`;
  if (!source) throw new UsageError(`The inbox has no source of that name. ${others}`);
  throw new UsageError(`${name} has no secret: its provider signs with a certificate. ${others}`);
}
