import { isJsonObject, type JsonObject, jsonObject } from './json-body.ts';
import type { SignatureScheme, Verdict } from './scheme.ts';
import type { SignedRequest } from './signed-request.ts';
import { isSameText, token } from './token.ts';

/** The place of the items in a body, and of the secret in an item. */
export interface TokenInItemsOptions {
  /** The field that holds the list of items. */
  readonly list: string;
  /** The field of an item that holds the secret. */
  readonly field: string;
}

/**
 * The secret itself in each item of a JSON body, instead of a signature. Each item must carry it: otherwise a forged item
 * could be added to a captured one. A body without items carries no secret, and is rejected.
 */
export function tokenInItems({ list, field }: TokenInItemsOptions): SignatureScheme {
  return {
    bodyCoverage: 'nothing',
    readsBody: () => true,
    verify({ body }, { secret }): Verdict {
      const items = itemsOf(jsonObject(body), list);
      if (items === undefined) return 'malformed';
      const tokens = items.map((item) => item[field]).filter((each) => typeof each === 'string');
      if (items.length === 0 || tokens.length < items.length) return 'missing';
      return tokens.every((each) => isSameText(each, secret)) ? 'valid' : 'mismatch';
    },
    sign(request, { key }): SignedRequest {
      const content = jsonObject(request.body);
      const items = itemsOf(content, list);
      if (items === undefined) throw new Error(`The request lacks what carries its secret: ${list}`);
      const signed = { ...content, [list]: items.map((item) => ({ ...item, [field]: key })) };
      return { ...request, body: Buffer.from(JSON.stringify(signed)) };
    },
    generateKeys: token.generateKeys,
  };
}

function itemsOf(content: JsonObject | undefined, list: string): readonly JsonObject[] | undefined {
  const items = content?.[list];
  return Array.isArray(items) && items.every(isJsonObject) ? items : undefined;
}
