import { readArguments, UsageError } from '../../arguments.ts';
import { showsColours } from '../../colour.ts';
import { interruption } from '../../interruption.ts';
import { invocation } from '../../invocation.ts';
import { print, printError } from '../../print.ts';
import { timeZone } from '../../times.ts';
import { checkSources } from '../check-sources.ts';
import { INBOX_HELP, INBOX_OPTIONS, isLocal, openInbox } from '../open-inbox.ts';
import { printDeliveries } from '../print-deliveries.ts';

const HELP = `Shows deliveries as they come, until Ctrl-C.

  ${invocation('tail', '[source...] [--rejected] [--json]')}
  ${invocation('tail', '[source...] --bus --stack NAME [--json]')}

  [source...]     the sources (all)
  --rejected      deliveries that were rejected only, with their reasons
  --bus           what consumers get from the event bus of a deployed inbox, with payloads
  --json          one delivery, or event of the bus, per line, in JSON
  ${INBOX_HELP}

--bus creates a rule on the bus and a queue for its events, and removes both at the end. If it is killed, the next
tail --bus removes them, 15 minutes later at the earliest. Payloads may be personal data. A deployed inbox shows a delivery
some seconds after its response. The account and the region are those of AWS_PROFILE and AWS_REGION.`;

/** The command `webhook-inbox tail`. */
export async function tail(environment: NodeJS.ProcessEnv): Promise<void> {
  const given = readArguments(HELP, {
    ...INBOX_OPTIONS,
    rejected: { type: 'boolean', default: false },
    bus: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  if (!given) return;
  const { rejected: isRejected, bus: isBus, json: isJson, ...named } = given.values;
  const sources = given.positionals;
  if (!isBus) return await tailDeliveries();
  if (isLocal(named)) throw new UsageError('--bus is for a deployed inbox: name its stack with --stack.');
  if (isRejected) throw new UsageError('What is rejected never reaches the bus: give --rejected or --bus.');
  const { tailBus } = await import('./tail-bus.ts');
  await tailBus(named, { sources, isJson }, interruption());

  async function tailDeliveries(): Promise<void> {
    const { deliveries, sourceNames } = await openInbox(named, environment);
    if (sources.length > 0) checkSources(sources, await sourceNames?.());
    const query = {
      from: Date.now(),
      ...(sources.length > 0 && { sources }),
      ...(isRejected && { outcomes: ['rejected'] as const }),
    };
    const found = deliveries.follow(query, interruption());
    if (isJson) {
      for await (const delivery of found) print(JSON.stringify(delivery));
      return;
    }
    printError(`Showing deliveries as they come, in the time zone ${timeZone()}. Ctrl-C ends it.`);
    await printDeliveries(found, { query, isFollowing: true, hasColours: showsColours(environment) });
  }
}
