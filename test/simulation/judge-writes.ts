import { decodeMessage } from '../../lambda/overflow-queue/overflow-message.ts';
import type { AwsCall, AwsService } from './aws-transport.ts';
import { currentEnvironment } from './execution-environment.ts';
import { violate } from './judge-answer.ts';
import { count } from './ledger.ts';
import type { QueueMessage } from './queue.ts';
import { type ExpectedItem, itemKey, itemOf } from './sent-event.ts';
import { isExpired, type TableChange } from './table.ts';
import type { World } from './world.ts';

/** Checks each write to a table. */
export function judgeWrite(world: World, table: ExpectedItem['table'], { id, item, old }: TableChange): void {
  if (!item) return;
  const { ledger, clock } = world;
  const stored = { table, id, sha256: item.payload_sha256?.S ?? '', at: clock.now() };
  ledger.trace(`${new Date(stored.at).toISOString()} ${table} has ${id}`);
  count(ledger, `items: ${table}`);
  if (!ledger.genuine.has(itemKey(stored))) violate(world, 'nothing forged is stored or forwarded', itemKey(stored));
  if (table === 'events') judgeEventWrite(world, stored, old);
  ledger.stored.push(stored);
}

function judgeEventWrite(world: World, { id, sha256 }: ExpectedItem, old: TableChange['old']): void {
  if (old && !isExpired(old, world.clock.now())) violate(world, 'no live item is overwritten', id);
  const isKnown = world.ledger.stored.some(
    (each) => each.table === 'events' && each.id === id && each.sha256 === sha256,
  );
  if (isKnown) violate(world, 'no event is processed twice', id);
}

/** Checks each message to the overflow queue. */
export function judgeMessage(world: World, { id, body }: QueueMessage): void {
  const items = decodeMessage(body).map(itemOf);
  const foreign = items.filter((item) => !world.ledger.genuine.has(itemKey(item)));
  for (const item of foreign) violate(world, 'nothing forged is stored or forwarded', `${itemKey(item)} in the queue`);
  world.ledger.queued.set(id, new Set(items.map((item) => `${item.table} ${item.id}`)));
  count(world.ledger, 'messages in the overflow queue');
}

/** The least time between two reads of a secret by one environment, in milliseconds. */
const READ_INTERVAL_MS = 2_000;

/** Checks how often each environment reads a secret. */
export function readJudge(world: World): (call: Omit<AwsCall, 'caller'>, service: AwsService) => void {
  const last = new Map<string, number>();
  return ({ operation, input, attempt }) => {
    const isRead = operation === 'GetSecretValue' && input.VersionStage === 'AWSCURRENT' && attempt === 1;
    if (!isRead) return;
    count(world.ledger, 'reads of secrets');
    const key = `${currentEnvironment()?.id} ${input.SecretId}`;
    const now = world.clock.now();
    const passed = now - (last.get(key) ?? Number.NEGATIVE_INFINITY);
    if (passed < READ_INTERVAL_MS) violate(world, 'reads of secrets are bounded', `${key}: after ${passed} ms`);
    last.set(key, now);
  };
}
