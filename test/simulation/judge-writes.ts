import { decodeMessage } from '../../lambda/overflow-queue/overflow-message.ts';
import type { AwsCall, AwsService } from './aws-transport.ts';
import { currentEnvironment } from './execution-environment.ts';
import { count } from './ledger.ts';
import type { QueueMessage } from './queue.ts';
import { type ExpectedItem, itemKey, itemOf } from './sent-event.ts';
import { isExpired, type TableChange, type TableItem } from './table.ts';
import { trace, violate, type World } from './world.ts';

/** Checks each write to a table. */
export function judgeWrite(world: World, table: ExpectedItem['table'], { id, item, old }: TableChange): void {
  if (!item) return;
  const { ledger, clock } = world;
  const stored = { table, id, sha256: item.payload_sha256?.S ?? '', at: clock.now() };
  trace(world, `${table} has ${id}`);
  count(ledger, `items: ${table}`);
  if (!ledger.genuine.has(itemKey(stored))) violate(world, 'nothing forged is stored or forwarded', itemKey(stored));
  judgeObject(world, item);
  if (table === 'events') judgeEventWrite(world, stored, old);
  ledger.stored.push(stored);
}

/** The object of a payload is there before the item that names it. */
function judgeObject(world: World, item: TableItem): void {
  const key = item.payload_object?.S;
  const isMissing = key !== undefined && !world.cloud.web.objects.has(key);
  if (isMissing) violate(world, 'what was acknowledged is durable', `the object ${key} is missing`);
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
/** The most writes of one item by one receiver in the time of a delivery: two attempts each, of a few deliveries. */
const MAX_PUTS = 8;
const DELIVERY_MS = 2_300;

/** Checks each call of an AWS client. It sees the call before it is on its way. */
export type CallJudge = (call: Omit<AwsCall, 'caller'>, service: AwsService) => void;

/** Checks how often each environment reads a secret, and writes an item. */
export function callJudge(world: World): CallJudge {
  const calls = new Map<string, number[]>();

  /** The earlier calls by this environment about the same thing, within a time. */
  function earlier(what: string, withinMs: number): number {
    const key = `${currentEnvironment()?.id} ${what}`;
    const since = world.clock.now() - withinMs;
    const recent = (calls.get(key) ?? []).filter((at) => at > since);
    calls.set(key, [...recent, world.clock.now()]);
    return recent.length;
  }

  function judgePut(id: string, table: string): void {
    // A queue may hold many messages of one event, if it took them and its answers were lost.
    if (!currentEnvironment()?.id.startsWith('receiver')) return;
    if (earlier(`${table} ${id}`, DELIVERY_MS) >= MAX_PUTS) violate(world, 'writes of items are bounded', id);
  }

  function judgeRead(secret: string): void {
    count(world.ledger, 'reads of secrets');
    const isEarly = earlier(secret, READ_INTERVAL_MS) > 0;
    if (isEarly) violate(world, 'reads of secrets are bounded', `${currentEnvironment()?.id} reads ${secret}`);
  }

  return ({ operation, input, attempt }, { name }) => {
    if (operation === 'PutItem') judgePut((input.Item as TableItem).id?.S ?? '', name);
    const isRead = operation === 'GetSecretValue' && input.VersionStage === 'AWSCURRENT' && attempt === 1;
    if (isRead) judgeRead(`${input.SecretId}`);
  };
}
