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
  const { changes, messaging, standby, ...envelope } = entry;
  const parts = [
    ...listOf(changes)
      .flatMap(singleValues)
      .map((change) => ({ ...envelope, changes: [change] })),
    ...listOf(messaging).map((each) => ({ ...envelope, messaging: [each] })),
    ...listOf(standby).map((each) => ({ ...envelope, standby: [each] })),
  ];
  return parts.length > 0 ? parts : [entry];
}

/** WhatsApp sends several messages and statuses in one change. */
function singleValues(change: unknown): readonly unknown[] {
  if (!isJsonObject(change) || !isJsonObject(change.value)) return [change];
  const { messages, statuses, contacts, ...envelope } = change.value;
  if (listOf(messages).length + listOf(statuses).length < 2) return [change];
  const byId = contactsById(contacts);
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
