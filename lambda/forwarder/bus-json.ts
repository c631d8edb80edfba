/** What JSON has if it has a number or a string that EventBridge does not take; other JSON may have it, too. */
const SUSPECT = /\d{19}|\\u[dD][89a-fA-F]/;

/** The strings and the numbers of JSON. */
const SCALAR = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/gs;

/**
 * Whether EventBridge takes JSON as it is: it refuses integers beyond 64 bits. Half a surrogate pair is no Unicode, so
 * that EventBridge could only refuse or replace it.
 * @param json valid JSON
 * @see https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
 */
export function isBusJson(json: string): boolean {
  if (!SUSPECT.test(json)) return true;
  for (const [scalar] of json.matchAll(SCALAR)) if (!isTaken(scalar)) return false;
  return true;
}

const isTaken = (scalar: string) => (scalar.startsWith('"') ? isWellFormed(scalar) : isInRange(scalar));

const isWellFormed = (string: string) => String(JSON.parse(string)).isWellFormed();

/** The digits of the largest 64-bit integer. */
const MAX_DIGITS = 19;

function isInRange(number: string): boolean {
  if (!/^-?\d+$/.test(number)) return true;
  if (number.replace('-', '').length > MAX_DIGITS) return false;
  return BigInt.asIntN(64, BigInt(number)) === BigInt(number);
}
