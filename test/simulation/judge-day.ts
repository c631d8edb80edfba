import { violate } from './judge-answer.ts';
import { itemKey } from './sent-event.ts';
import type { World } from './world.ts';

/** Checks what must hold once a day is over, and everything that follows from it. */
export function judgeDay(world: World): void {
  judgeAcknowledged(world);
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
