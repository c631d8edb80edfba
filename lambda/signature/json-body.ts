/** A JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The JSON object in a body; undefined for any other body. */
export function jsonObject(body: Buffer): JsonObject | undefined {
  const content = jsonValue(body);
  return isJsonObject(content) ? content : undefined;
}

/** The JSON value in a body; undefined for a body that is not JSON. */
export function jsonValue(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

/** Whether a value is a JSON object, and not an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
