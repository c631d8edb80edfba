import { count } from './ledger.ts';
import { itemKey } from './sent-event.ts';
import { violate, type World } from './world.ts';

const MINUTE_MS = 60_000;

/** Checks what must hold once a day is over, and everything that follows from it. */
export function judgeDay(world: World): void {
  judgeAcknowledged(world);
  judgeForwarded(world);
  judgePuts(world);
  judgeQueue(world);
  judgeFetches(world);
}

/** Every acknowledged event was stored, under its id, with this payload or another one. */
function judgeAcknowledged(world: World): void {
  const { acknowledged, stored } = world.ledger;
  const ids = new Set(stored.map(({ table, id }) => `${table} ${id}`));
  for (const { expected } of acknowledged.values()) {
    const missing = expected.filter(({ table, id }) => !ids.has(`${table} ${id}`));
    if (missing.length > 0) violate(world, 'what was acknowledged is durable', missing.map(itemKey).join(', '));
  }
}

/** How long after the last fault an event may reach the bus: an invocation, a wait of the poller, and what piled up. */
const LATE_MS = 8 * 60_000;

/** Every stored event is on the bus in time, or has its dead letter; and nothing else is there. */
function judgeForwarded(world: World): void {
  const { cloud, ledger, outages } = world;
  const faultsEnd = outages.lastEnd(['bus', 'dead letters']);
  const stored = ledger.stored.filter(({ table }) => table === 'events');
  for (const { id, at } of stored) {
    const arrivedAt =
      cloud.bus.received.find((entry) => entry.id === id && entry.at >= at)?.at ?? Number.POSITIVE_INFINITY;
    if (arrivedAt <= Math.max(at, faultsEnd) + LATE_MS) continue;
    if (ledger.deadLetters.has(id)) count(ledger, 'dead letters');
    else
      violate(
        world,
        'every stored event is forwarded',
        `${id} arrives ${(arrivedAt - at) / 1_000} s after it is stored`,
      );
  }
  const ids = new Set(stored.map(({ id }) => id));
  const foreign = cloud.bus.received.filter(({ id }) => !ids.has(id));
  for (const { id } of foreign) violate(world, 'nothing forged is stored or forwarded', `${id} is on the bus`);
}

/**
 * The puts of one event: a few for invocations that are killed, and more while the bus or the dead letters fail. A batch
 * is put again from its first failed record on.
 */
const PUTS = 20;
const PUTS_PER_OUTAGE = 15;
const PUTS_PER_MINUTE = 4;

function judgePuts(world: World): void {
  const { cloud, outages } = world;
  const failing = outages.all.filter(({ service }) => service === 'bus' || service === 'dead letters');
  const minutes = failing.reduce((sum, { from, until }) => sum + (until - from) / MINUTE_MS, 0);
  const most = PUTS + PUTS_PER_OUTAGE * failing.length + PUTS_PER_MINUTE * minutes;
  for (const [id, puts] of cloud.bus.puts) {
    if (puts.length > most) violate(world, 'puts of events are bounded', `${id} is put ${puts.length} times`);
  }
}

/** No outage lasts as long as the overflow queue keeps an event. */
function judgeQueue(world: World): void {
  const left = [...world.cloud.overflow.messages.keys(), ...world.cloud.overflowDeadLetters.messages.keys()];
  for (const message of left) violate(world, 'what was acknowledged is durable', `${message} is not stored`);
}

/** The least time between two fetches of one URL by one environment, with a margin; milliseconds. */
const FETCH_INTERVAL_MS = 1_900;
/** The most fetches of one environment in a minute: a burst of 5 and one in 4 s on average, for new and for refused URLs. */
const MAX_FETCHES = 70;

function judgeFetches(world: World): void {
  const byCaller = Map.groupBy(world.cloud.web.certificateFetches, ({ caller }) => caller?.id);
  for (const [caller, fetches] of byCaller) {
    const last = new Map<string, number>();
    for (const [index, { url, at }] of fetches.entries()) {
      const passed = at - (last.get(url) ?? Number.NEGATIVE_INFINITY);
      const earlier = fetches[index - MAX_FETCHES]?.at ?? Number.NEGATIVE_INFINITY;
      const isBounded = passed >= FETCH_INTERVAL_MS && at - earlier >= MINUTE_MS;
      if (!isBounded) violate(world, 'fetches of certificates are bounded', `${caller} fetches ${url}`);
      last.set(url, at);
    }
  }
}
