/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON object in a body; undefined for any other body. */
export function jsonObject(body: Buffer): JsonObject | undefined {
  try {
    const content: unknown = JSON.parse(body.toString());
    return isJsonObject(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

/** Whether a value is a JSON object, and not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
