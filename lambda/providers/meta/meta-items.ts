import { isJsonObject, type JsonObject } from '../../signature/json-body.ts';

/** JSON of up to so many characters is repeated for each item of a list. Meta sends a few hundred around a list. */
const MAX_REPEATED = 4_096;

/** Longer JSON is repeated so many times. */
const MAX_REPETITIONS = 16;

/**
 * Splits a body of Meta into bodies of one message, status or change each. They have the same shape as the whole body.
 * A list is not split if so much around it would be repeated that the parts would grow with the square of the body.
 * Undefined for a body without entries.
 */
export function metaItems(content: unknown): readonly unknown[] | undefined {
  if (!isJsonObject(content) || !Array.isArray(content.entry)) return undefined;
  const { entry, ...envelope } = content;
  const entries = entry.flatMap(singles);
  if (!isRepeatable(envelope, entries)) return undefined;
  return entries.map((each) => ({ ...content, entry: [each] }));
}

const isRepeatable = (around: unknown, items: readonly unknown[]) =>
  items.length <= MAX_REPETITIONS || JSON.stringify(around).length <= MAX_REPEATED;

/** The parts are deduplicated, because a batch that is sent again may consist of other parts. */
function singles(entry: unknown): readonly unknown[] {
  if (!isJsonObject(entry)) return [entry];
  const { changes, messaging, standby, ...envelope } = entry;
  const parts = [
    ...listOf(changes)
      .flatMap(singleValues)
      .map((change) => ({ changes: [change] })),
    ...listOf(messaging).map((each) => ({ messaging: [each] })),
    ...listOf(standby).map((each) => ({ standby: [each] })),
  ];
  if (parts.length === 0 || !isRepeatable(envelope, parts)) return [entry];
  return parts.map((part) => ({ ...envelope, ...part }));
}

/** WhatsApp sends several messages and statuses in one change. */
function singleValues(change: unknown): readonly unknown[] {
  if (!isJsonObject(change) || !isJsonObject(change.value)) return [change];
  const { messages, statuses, contacts, ...envelope } = change.value;
  const items = [...listOf(messages), ...listOf(statuses)];
  const byId = contactsById(contacts);
  const around = [{ ...change, value: envelope }, ...byId.values()];
  if (items.length < 2 || !around.every((each) => isRepeatable(each, items))) return [change];
  const values = [
    ...listOf(messages).map((each) => ({ ...envelope, ...contactsOf(each, byId), messages: [each] })),
    ...listOf(statuses).map((each) => ({ ...envelope, ...contactsOf(each, byId), statuses: [each] })),
  ];
  return values.map((value) => ({ ...change, value }));
}

type Contacts = ReadonlyMap<unknown, unknown>;

/** A contact has a phone number, or the id that WhatsApp gives to a user for this business, or both. */
function contactsById(contacts: unknown): Contacts {
  const objects = listOf(contacts).filter(isJsonObject);
  return new Map(objects.flatMap((contact) => [contact.wa_id, contact.user_id].map((id) => [id, contact] as const)));
}

/** The fields of a message or status that name its contacts. */
const CONTACT_FIELDS = [
  'from',
  'from_user_id',
  'recipient_id',
  'recipient_user_id',
  'recipient_participant_id',
  'recipient_participant_user_id',
];

/** Only the contacts of one message or status: all of them in each would make the parts grow with the square. */
function contactsOf(item: unknown, byId: Contacts): JsonObject {
  if (!isJsonObject(item)) return {};
  const own = new Set(
    CONTACT_FIELDS.map((field) => item[field]).flatMap((id) => (id && byId.has(id) ? [byId.get(id)] : [])),
  );
  return own.size > 0 ? { contacts: [...own] } : {};
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
