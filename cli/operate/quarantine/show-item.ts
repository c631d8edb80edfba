import type { QuarantineItem } from '../../../lambda/quarantine/quarantine-item.ts';
import { UsageError } from '../../arguments.ts';
import { print } from '../../print.ts';
import { printableLine } from '../../printable.ts';
import { withAdvice } from '../aws-errors.ts';
import type { InboxAccess } from './inbox-access.ts';
import { payloadText, writePayload } from './payload-text.ts';
import { readPayload } from './read-payload.ts';
import { REASONS } from './reasons.ts';

/** The subcommand `show`: prints an item and its payload, or the bytes of the payload alone. */
export async function showItem({ quarantine, payloads }: InboxAccess, id: string, isRaw: boolean): Promise<void> {
  const item = await withAdvice('read the item', () => quarantine.get(id));
  if (!item) throw new UsageError(`There is no item ${printableLine(id)} in quarantine.`);
  const payload = await withAdvice('read the payload', () => readPayload(item, payloads));
  if (isRaw) return writePayload(payload);
  print(`${describe(item, payload)}\n\n${payloadText(payload)}`);
}

function describe(item: QuarantineItem, payload: Buffer): string {
  const { 'content-type': mediaType = 'no content type', ...headers } = item.headers;
  const lines: (readonly [name: string, values: readonly string[]])[] = [
    ['id', [item.id]],
    ['source', [`${item.source}, provider ${item.provider}`]],
    ['reason', [`${item.reason}: ${REASONS[item.reason]}`]],
    ['issues', item.issues.map(({ path, expected }) => `${path}: expected ${expected}`)],
    ['event id', [item.event_id ?? 'unknown']],
    ['received at', [item.received_at]],
    ['expires at', [new Date(item.expires_at * 1000).toISOString()]],
    ['headers', Object.entries(headers).map(([name, value]) => `${name}: ${value}`)],
    [
      'payload',
      [`${payload.length} bytes, ${item.from_batch ? 'one event of several' : 'the whole body'}, ${mediaType}`],
    ],
  ];
  return lines
    .flatMap(([name, values]) => values.map((value, index) => lineOf(index === 0 ? name : '', value)))
    .join('\n');
}

const lineOf = (name: string, value: string) => `${name.padEnd(11)}  ${printableLine(value)}`;
