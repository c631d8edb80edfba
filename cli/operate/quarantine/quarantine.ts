import { suggestion } from '../../../lambda/providers/suggestion.ts';
import { readArguments, UsageError } from '../../arguments.ts';
import { CONFIG_HELP, readInboxFile } from '../../inbox-file.ts';
import { invocation } from '../../invocation.ts';
import { STANDARD_STACK } from '../named-inbox.ts';
import { readIds } from '../read-ids.ts';
import { acceptItems } from './accept-items.ts';
import { deployedInboxAccess } from './deployed-inbox-access.ts';
import { confirmDiscard, discardItems } from './discard-items.ts';
import type { InboxAccess } from './inbox-access.ts';
import { listItems } from './list-items.ts';
import { localInboxAccess } from './local-inbox-access.ts';
import { REASONS, reasonNamed } from './reasons.ts';
import { showItem } from './show-item.ts';

const HELP = `Lists, shows, accepts and discards what is in quarantine: verified deliveries, and events of them, that are invalid.

  ${invocation('quarantine', 'list [source] [--reason REASON] [--json]')}
  ${invocation('quarantine', 'show <id> [--raw]')}
  ${invocation('quarantine', 'accept <id>... [--as-is]')}
  ${invocation('quarantine', 'discard <id>... [--yes]')}

  <id>             an item's id, as list prints it; - reads ids from standard input, one per line
  --reason REASON  lists only items with this reason
  --json           lists an item per line, in JSON without payloads
  --raw            writes the payload's bytes and nothing else; on a terminal, control characters are escaped
  --as-is          also stores events that are still invalid
  --yes            discards without a confirmation
  --stack NAME     the stack that has the inbox (${STANDARD_STACK})
  --inbox NAME     the inbox, if the stack has several
  --config FILE    with --local, ${CONFIG_HELP}
  --local          the inbox of ${invocation('start')} on this machine, by DYNAMODB_PORT (8000), in place of a stack

accept stores the events as the receiver does, by the schemas of this version and the settings of the deployed source,
and deletes the item. It stores no event twice: one that is stored already is a duplicate. With --as-is, you vouch for
the event. It is stored even if the schema refuses it or its time is outside the retention window; its item has the
origin "accepted". Its id is its event id, or the payload's SHA-256 if nothing identifies it. If another payload is
stored under its event id, that one is kept, and this one is stored under <event-id>:<SHA-256>. The item's received_at
is the time of acceptance, and its retention begins then. Exit status 1 unless all items were accepted or discarded;
standard error names the others. The account and the region are those of AWS_PROFILE and AWS_REGION.

Reasons:
${Object.entries(REASONS)
  .map(([reason, meaning]) => `  ${reason.padEnd(17)}  ${meaning}`)
  .join('\n')}`;

const OPTIONS = {
  reason: { type: 'string' },
  json: { type: 'boolean', default: false },
  raw: { type: 'boolean', default: false },
  'as-is': { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  stack: { type: 'string' },
  inbox: { type: 'string' },
  local: { type: 'boolean', default: false },
  config: { type: 'string' },
} as const;

type Options = NonNullable<ReturnType<typeof readQuarantineArguments>>['values'];
type OpenInbox = () => Promise<InboxAccess>;

interface Subcommand {
  /** The options that only this subcommand takes. */
  readonly options: readonly (keyof Options)[];
  readonly run: (args: readonly string[], options: Options, open: OpenInbox) => Promise<void>;
}

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  list: {
    options: ['reason', 'json'],
    async run([source, ...others], options, open) {
      if (others.length > 0) throw new UsageError(`Name one source only.\n\n${HELP}`);
      const reason = options.reason === undefined ? undefined : reasonNamed(options.reason);
      await listItems(await open(), { source, reason }, options.json);
    },
  },
  show: {
    options: ['raw'],
    async run([id, ...others], { raw }, open) {
      if (id === undefined || others.length > 0) throw new UsageError(`Name one item.\n\n${HELP}`);
      await showItem(await open(), id, raw);
    },
  },
  accept: {
    options: ['as-is'],
    async run(args, options, open) {
      const ids = await itemIds(args);
      await acceptItems(await open(), ids, options['as-is']);
    },
  },
  discard: {
    options: ['yes'],
    async run(args, { yes: isConfirmed }, open) {
      const ids = await itemIds(args);
      if (!isConfirmed) await confirmDiscard(ids);
      await discardItems(await open(), ids);
    },
  },
};

/** The command `webhook-inbox quarantine`. */
export async function quarantine(environment: NodeJS.ProcessEnv): Promise<void> {
  const given = readQuarantineArguments();
  if (!given) return;
  const { values: options, positionals } = given;
  const [name, ...args] = positionals;
  const { run } = subcommandOf(name, options);
  await run(args, options, inboxOf(options, environment));
}

const readQuarantineArguments = () => readArguments(HELP, OPTIONS);

function subcommandOf(name: string | undefined, options: Options): Subcommand {
  const subcommand = name !== undefined && Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  if (!subcommand) throw new UsageError(`${unknownSubcommand(name)}\n\n${HELP}`);
  const others = Object.values(SUBCOMMANDS).filter((each) => each !== subcommand);
  const misplaced = others.flatMap((each) => each.options).find((option) => options[option]);
  if (misplaced) throw new UsageError(`${name} takes no --${misplaced}.\n\n${HELP}`);
  return subcommand;
}

function unknownSubcommand(name: string | undefined): string {
  const names = Object.keys(SUBCOMMANDS);
  if (name === undefined) return `Give one of ${names.join(', ')}.`;
  const meant = suggestion(name, names);
  return `"${name}" is none of ${names.join(', ')}.${meant ? ` Did you mean ${meant}?` : ''}`;
}

/** @throws {UsageError} if both a deployed and the local inbox are named */
function inboxOf({ stack, inbox, local: isLocal, config }: Options, environment: NodeJS.ProcessEnv): OpenInbox {
  const isNamed = stack !== undefined || inbox !== undefined;
  if (isLocal && isNamed) throw new UsageError('Give --stack and --inbox, or --local, not both.');
  if (config !== undefined && !isLocal) throw new UsageError('--config goes with --local only.');
  const own = readInboxFile(config);
  return () => (isLocal ? localInboxAccess(environment, own) : deployedInboxAccess({ stack, inbox }));
}

async function itemIds(args: readonly string[]): Promise<readonly string[]> {
  if (args.length === 0) throw new UsageError(`Name the items.\n\n${HELP}`);
  return await readIds(args, 'ids');
}
