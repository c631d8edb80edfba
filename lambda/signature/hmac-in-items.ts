import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { decode, decodeKey } from './algorithm.ts';
import { isJsonObject, type JsonObject, jsonObject } from './json-body.ts';
import type { SignatureScheme, Verdict } from './scheme.ts';
import type { SignedRequest } from './signed-request.ts';

/** The names of a field and of the objects around it, the outermost first. */
export type FieldPath = readonly [string, ...string[]];

/** The place of the items in a body, and what is signed of each. */
export interface HmacInItemsOptions {
  /** The field of the body that holds the list of items. */
  readonly list: string;
  /** The field of each element that holds the item. */
  readonly item: string;
  /** The signature in an item, in base64. */
  readonly signature: FieldPath;
  /** The signed fields of an item, in this order. A missing one is signed as an empty text. */
  readonly fields: readonly FieldPath[];
  /** What is between two fields. */
  readonly separator: string;
  /**
   * The position in `fields` of the one whose value may hold the separator. With a second one, a value could be divided
   * between the two in several ways, each with the same signature.
   */
  readonly freeField: number;
}

/**
 * An HMAC-SHA-256 in each item of a JSON body, over some fields of the item. The secret is the key in hex. Each item must
 * be signed: otherwise a forged item could be added to a captured one. A body without items carries no signature, and is
 * rejected.
 */
export function hmacInItems(options: HmacInItemsOptions): SignatureScheme {
  const { list, item: wrapper } = options;
  return {
    bodyCoverage: 'content',
    readsBody: () => true,
    verify({ body }, { secret }): Verdict {
      const items = itemsOf(jsonObject(body), options);
      if (items === undefined) return 'malformed';
      if (items.length === 0) return 'missing';
      const key = keyOf(secret);
      return worst(items.map((item) => verdictOn(item, key, options)));
    },
    sign(request, { key }): SignedRequest {
      const content = jsonObject(request.body);
      const items = itemsOf(content, options);
      const signed = items?.map((item) => ({ [wrapper]: withSignature(item, key, options) }));
      if (!signed) throw new Error(`The request lacks what its signature covers: ${list}`);
      return { ...request, body: Buffer.from(JSON.stringify({ ...content, [list]: signed })) };
    },
    generateKeys() {
      const secret = randomBytes(32).toString('hex').toUpperCase();
      return { signing: secret, verification: secret };
    },
  };
}

function itemsOf(content: JsonObject | undefined, { list, item }: HmacInItemsOptions) {
  const elements = content?.[list];
  if (!Array.isArray(elements)) return undefined;
  const items: readonly unknown[] = elements.map((element) => (isJsonObject(element) ? element[item] : undefined));
  return items.every(isJsonObject) ? items : undefined;
}

function verdictOn(item: JsonObject, key: Buffer | undefined, options: HmacInItemsOptions): Verdict {
  const claimed = valueAt(item, options.signature);
  if (claimed === undefined) return 'missing';
  const signature = typeof claimed === 'string' ? decode(claimed, 'base64') : undefined;
  const signedContent = signedContentOf(item, options);
  if (signature?.length !== 32 || signedContent === undefined) return 'malformed';
  if (!key) return 'unusable_secret';
  return timingSafeEqual(signature, hmac(signedContent, key)) ? 'valid' : 'mismatch';
}

function withSignature(item: JsonObject, secret: string, options: HmacInItemsOptions): JsonObject {
  const content = signedContentOf(item, options);
  if (content === undefined) throw new Error('An item lacks what its signature covers.');
  return withValueAt(item, options.signature, hmac(content, keyOf(secret) ?? Buffer.alloc(0)).toString('base64'));
}

const ORDER: readonly Verdict[] = ['missing', 'malformed', 'unusable_secret', 'mismatch'];

/** One item that is not valid is enough to reject the body. */
const worst = (verdicts: readonly Verdict[]) => ORDER.find((verdict) => verdicts.includes(verdict)) ?? 'valid';

function keyOf(secret: string): Buffer | undefined {
  const key = decodeKey(secret, 'hex');
  return key?.length ? key : undefined;
}

const hmac = (content: string, key: Buffer) => createHmac('sha256', key).update(content).digest();

/** The values of the signed fields; undefined if one is an object or a list, or the values are ambiguous. */
function signedContentOf(item: JsonObject, { fields, separator, freeField }: HmacInItemsOptions): string | undefined {
  const values = fields.map((path) => toText(valueAt(item, path)));
  const isPlain = values.every((value, index) => index === freeField || value?.includes(separator) === false);
  return isPlain && values[freeField] !== undefined ? values.join(separator) : undefined;
}

function toText(value: unknown): string | undefined {
  if (typeof value === 'string') return value.isWellFormed() ? value : undefined;
  return typeof value === 'object' && value !== null ? undefined : String(value ?? '');
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) => (isJsonObject(at) && Object.hasOwn(at, name) ? at[name] : undefined),
    value,
  );
}

function withValueAt(object: JsonObject, [name, ...rest]: readonly string[], value: string): JsonObject {
  if (name === undefined) return object;
  const [next] = rest;
  const inner = object[name];
  return { ...object, [name]: next === undefined ? value : withValueAt(isJsonObject(inner) ? inner : {}, rest, value) };
}
