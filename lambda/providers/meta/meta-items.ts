import { isJsonObject, type JsonObject } from '../../signature/json-body.ts';

/**
 * Splits a body of Meta into bodies of one message, status or change each. They have the same shape as the whole body.
 * Undefined for a body without entries.
 */
export function metaItems(content: unknown): readonly unknown[] | undefined {
  if (!isJsonObject(content) || !Array.isArray(content.entry)) return undefined;
  return content.entry.flatMap(singles).map((entry) => ({ ...content, entry: [entry] }));
}

/** The parts are deduplicated, because a batch that is sent again may consist of other parts. */
function singles(entry: unknown): readonly unknown[] {
  if (!isJsonObject(entry)) return [entry];
  const { changes, messaging, ...envelope } = entry;
  const parts = [
    ...listOf(changes)
      .flatMap(singleValues)
      .map((change) => ({ ...envelope, changes: [change] })),
    ...listOf(messaging).map((each) => ({ ...envelope, messaging: [each] })),
  ];
  return parts.length > 0 ? parts : [entry];
}

/** WhatsApp sends several messages and statuses in one change. */
function singleValues(change: unknown): readonly unknown[] {
  if (!isJsonObject(change) || !isJsonObject(change.value)) return [change];
  const { messages, statuses, contacts, ...envelope } = change.value;
  const values = [
    ...listOf(messages).map((each) => ({ ...envelope, ...contactOf(contacts, each, 'from'), messages: [each] })),
    ...listOf(statuses).map((each) => ({
      ...envelope,
      ...contactOf(contacts, each, 'recipient_id'),
      statuses: [each],
    })),
  ];
  return values.length > 0 ? values.map((value) => ({ ...change, value })) : [change];
}

/** The contacts of one message or status; all contacts if none of them can be identified as its own. */
function contactOf(contacts: unknown, item: unknown, key: string): JsonObject {
  if (!Array.isArray(contacts)) return {};
  const own = contacts.filter((each) => isJsonObject(each) && isJsonObject(item) && each.wa_id === item[key]);
  return { contacts: own.length > 0 ? own : contacts };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
