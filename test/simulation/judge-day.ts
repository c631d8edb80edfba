import { violate } from './judge-answer.ts';
import { count } from './ledger.ts';
import { itemKey } from './sent-event.ts';
import type { World } from './world.ts';

/** Checks what must hold once a day is over, and everything that follows from it. */
export function judgeDay(world: World): void {
  judgeAcknowledged(world);
  judgeForwarded(world);
  judgePuts(world);
  judgeQueue(world);
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

/** How long after the last fault an event may reach the bus: a wait of the poller, and what piled up; milliseconds. */
const LATE_MS = 5 * 60_000;

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

/** The puts of one event: some for failed invocations, and a few per minute while the bus fails. */
const PUTS = 20;
const PUTS_PER_MINUTE = 4;

function judgePuts(world: World): void {
  const { cloud, outages } = world;
  const failingMs = outages.all.filter(({ service }) => service === 'bus').map(({ from, until }) => until - from);
  const minutes = failingMs.reduce((sum, each) => sum + each / 60_000, 0);
  const most = PUTS + PUTS_PER_MINUTE * minutes;
  for (const [id, puts] of cloud.bus.puts) {
    if (puts.length > most) violate(world, 'puts of events are bounded', `${id} is put ${puts.length} times`);
  }
}

/** No outage lasts as long as the overflow queue keeps an event. */
function judgeQueue(world: World): void {
  const left = [...world.cloud.overflow.messages.keys(), ...world.cloud.overflowDeadLetters.messages.keys()];
  for (const message of left) violate(world, 'what was acknowledged is durable', `${message} is not stored`);
}
