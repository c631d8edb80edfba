import type { PlannedRotation } from './plan.ts';
import type { SimulatedSource } from './simulated-source.ts';
import type { KeyVersion } from './source-keys.ts';
import { trace, type World } from './world.ts';

/** Stores the first secret of a source, and has its provider sign with it. */
export function putFirstSecret(world: World, source: SimulatedSource): void {
  if (source.certificates.length > 0) return;
  const key = stage(world, source);
  promote(world, source, key);
  key.usedSince = world.clock.now();
}

/** Rotates a secret: stages it, makes it the current one, and then has the provider sign with it. */
export async function rotate(world: World, { source, stagedMs, usedAfterMs }: PlannedRotation): Promise<void> {
  const key = stage(world, source);
  await world.clock.sleep(stagedMs);
  promote(world, source, key);
  await world.clock.sleep(usedAfterMs);
  key.usedSince = world.clock.now();
  trace(world, `${source.name} signs with a new secret`);
}

function stage({ cloud, clock }: World, { name, source, keys }: SimulatedSource): KeyVersion {
  const pair = source.provider.signature.generateKeys();
  const key = { ...pair, id: cloud.secrets.stage(name, pair.verification), createdAt: clock.now() };
  keys.push(key);
  return key;
}

function promote(world: World, { name }: SimulatedSource, key: KeyVersion): void {
  world.cloud.secrets.promote(name, key.id);
  key.promotedAt = world.clock.now();
  trace(world, `the secret of ${name} is ${key.id}`);
}
